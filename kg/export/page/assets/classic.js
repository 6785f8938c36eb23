"use strict";
// The network as vis-network draws it: up to some hundred entities, each fact an arrow of its own.
KG.View = class {
  // `on` has node(i), facts(edges), nothing(), ready() and covered(), the pixels that are.
  constructor(model, element, on) {
    this.model = model;
    this.on = on;
    this.colour = (node) => model.colors[model.nodes.type[node]];
    this.lit = { nodes: null, edges: null };
    const bends = new Map();
    this.nodes = new vis.DataSet(Array.from({ length: model.n }, (_, node) => this.drawNode(node)));
    this.edges = new vis.DataSet(Array.from({ length: model.m }, (_, edge) => {
      const pair = [model.edges.from[edge], model.edges.to[edge]].sort().join(" ");
      bends.set(pair, (bends.get(pair) || 0) + 1);
      const modality = model.modalities[model.edges.modality[edge]];
      return {
        ...this.drawEdge(edge), from: model.edges.from[edge], to: model.edges.to[edge],
        arrows: model.isSymmetric(edge) ? "" : "to", width: Math.min(1 + model.sources[edge], 5),
        dashes: modality === "planned" ? [8, 6] : modality === "reported" ? [2, 4] : false,
        smooth: { enabled: true, type: "curvedCW", roundness: Math.round(12 * bends.get(pair)) / 100 },
      };
    }));
    this.network = new vis.Network(element, { nodes: this.nodes, edges: this.edges }, {
      physics: false, layout: { improvedLayout: false },
      nodes: { scaling: { min: 8, max: 28 } },
      interaction: { hover: true, keyboard: { enabled: false }, tooltipDelay: 200 },
    });
    this.labels = new KG.Labels(model);
    this.network.on("afterDrawing", (context) => this.paintLabels(context));
    this.network.once("afterDrawing", () => { this.fit(); on.ready(); });
    this.network.on("click", (event) => {
      if (event.nodes.length) on.node(event.nodes[0]);
      else if (event.edges.length) on.facts([event.edges[0]]);
      else on.nothing();
    });
    this.network.on("dragEnd", (event) => {
      const places = this.network.getPositions(event.nodes);
      for (const node of event.nodes) {
        model.nodes.x[node] = places[node].x;
        model.nodes.y[node] = places[node].y;
      }
    });
  }

  drawNode(node) {
    const color = this.colour(node);
    const dim = this.lit.nodes && !this.lit.nodes.has(node);
    return {
      id: node, x: this.model.nodes.x[node], y: this.model.nodes.y[node],
      value: this.model.degree(node) + 1, shape: "dot", opacity: dim ? 0.15 : 1, hidden: !this.model.nodeOn[node],
      color: { background: color, border: color, highlight: { background: color, border: "#17202e" } },
    };
  }

  drawEdge(edge) {
    const denied = this.model.modalities[this.model.edges.modality[edge]] === "denied";
    const lit = this.lit.edges && this.lit.edges.has(edge);
    const color = lit ? "#2563eb" : denied ? "#dc2626" : "#b6c0ce";
    return { id: edge, hidden: !this.model.edgeOn[edge], color: { color, highlight: "#2563eb", opacity: this.lit.nodes && !lit ? 0.15 : 1 } };
  }

  paintLabels(context) {
    const { canvas } = this.network.canvas.frame;
    const { pixelRatio } = this.network.canvas;
    const scale = this.network.getScale();
    context.save();
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    this.labels.paint(context, [canvas.clientWidth, canvas.clientHeight], {
      place: (node) => this.position(node), lit: this.lit,
      radius: (node) => { const box = this.network.getBoundingBox(node); return ((box.right - box.left) / 2) * scale; },
    });
    context.restore();
  }

  draw() {
    this.nodes.update(Array.from({ length: this.model.n }, (_, node) => this.drawNode(node)));
    this.edges.update(Array.from({ length: this.model.m }, (_, edge) => this.drawEdge(edge)));
  }

  // Draw these nodes and edges in full and all others faintly; everything alike where there are none.
  light(nodes, edges) {
    this.lit = { nodes, edges };
    this.draw();
  }

  centre(nodes) {
    if (nodes.length > 1) { this.fit(nodes); return; }
    const { left, right, bottom } = this.on.covered();
    this.network.focus(nodes[0], { scale: Math.max(this.network.getScale(), 0.9), offset: { x: (left - right) / 2, y: -bottom / 2 } });
  }

  fit(nodes = this.labels.rank.filter((node) => this.model.nodeOn[node])) {
    if (!nodes.length) return;
    const { left, right, bottom } = this.on.covered();
    const { clientWidth, clientHeight } = this.network.canvas.frame;
    this.network.fit({ nodes, maxZoomLevel: 1.2 });
    const free = Math.max(Math.min(1 - (left + right) / clientWidth, 1 - bottom / clientHeight), 0.1);
    const scale = Math.max(this.network.getScale() * free, 0.01);
    this.network.moveTo({ position: this.network.getViewPosition(), scale, offset: { x: (left - right) / 2, y: -bottom / 2 } });
  }

  zoom(factor) { this.network.moveTo({ scale: this.network.getScale() * factor }); }

  pan(x, y) {
    const at = this.network.getViewPosition();
    const scale = this.network.getScale();
    this.network.moveTo({ position: { x: at.x + x / scale, y: at.y + y / scale } });
  }

  position(node) {
    const at = this.network.canvasToDOM({ x: this.model.nodes.x[node], y: this.model.nodes.y[node] });
    return [at.x, at.y];
  }

  picture() { return this.network.canvas.frame.canvas; }
};
