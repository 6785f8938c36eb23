"use strict";
// Names of entities where there is room for them, those with most facts first, in the same size at any zoom.
KG.Labels = class {
  static font = '"PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", system-ui, sans-serif';

  constructor(model) {
    this.model = model;
    this.rank = Array.from({ length: model.n }, (_, node) => node).sort((a, b) => model.degree(b) - model.degree(a) || a - b);
    this.width = model.nodes.label.map(KG.Labels.wide);
  }

  // Width of a text in ems, near enough: Latin letters are half as wide as Chinese characters.
  static wide(text) {
    let sum = 0;
    for (const letter of text) sum += letter < "\u2e80" ? 0.56 : 1;
    return sum;
  }

  static write(context, text, x, y) {
    context.lineWidth = 3.5;
    context.lineJoin = "round";
    context.strokeStyle = "#f4f6fa";
    context.strokeText(text, x, y);
    context.fillStyle = "#17202e";
    context.fillText(text, x, y);
  }

  size(node) { return Math.round(Math.min(12 + Math.sqrt(this.model.degree(node)) * 0.8, 22)); }

  // `place` gives the middle of a node in pixels, `radius` its size; only nodes of `lit` are named where there are any.
  paint(context, [width, height], { place, radius, lit }) {
    const taken = new Set();
    let left = 260;
    context.textBaseline = "middle";
    context.textAlign = "left";
    for (const node of this.rank) {
      if (!left) break;
      if (!this.model.nodeOn[node] || (lit && !lit.has(node))) continue;
      const [middle, y] = place(node);
      const x = middle + radius(node) + 3;
      if (middle < 0 || y < 0 || x > width || y > height) continue;
      const size = this.size(node);
      const last = Math.floor((x + this.width[node] * size) / 12);
      const cells = [];
      for (let column = Math.floor(x / 12); column <= last; column += 1) {
        for (let row = Math.floor((y - size * 0.55) / 8); row <= Math.floor((y + size * 0.55) / 8); row += 1) cells.push(column * 10000 + row);
      }
      if (cells.some((cell) => taken.has(cell))) continue;
      cells.forEach((cell) => taken.add(cell));
      context.font = size + "px " + KG.Labels.font;
      KG.Labels.write(context, this.model.nodes.label[node], x, y);
      left -= 1;
    }
  }
};
