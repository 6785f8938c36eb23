# title: Families of models and products
# description: A version descends from what it is a version of, over any number of steps, and never from itself. A ModelFamily is a model with versions that are models, if it is the version of no other or has two of its own: a single variant of a version makes it no family.
# infers: aio:descendsFrom aio:hasDescendant aio:ModelFamily

PREFIX aio: <https://w3id.org/ai-industry/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

INSERT { GRAPH <inferred> { ?version aio:descendsFrom ?family } }
WHERE {
  GRAPH ?article {
    ?version aio:versionOf ?family .
    ?claim rdf:subject ?version ; rdf:predicate aio:versionOf ; rdf:object ?family ; aio:modality ?modality .
  }
  FILTER(?modality IN (aio:asserted, aio:reported) && ?version != ?family)
  FILTER NOT EXISTS { GRAPH <inferred> { ?claim aio:rank aio:deprecated } }
} ;

INSERT { GRAPH <inferred> { ?family a aio:ModelFamily } }
WHERE {
  {
    SELECT ?family (COUNT(DISTINCT ?version) AS ?versions)
    WHERE {
      # Of the steps alone: the next operation makes a closure of them.
      GRAPH <inferred> { ?version aio:descendsFrom ?family }
      FILTER EXISTS { GRAPH ?article { ?version a aio:Model } }
      FILTER EXISTS { GRAPH ?article { ?family a aio:Model } }
      FILTER NOT EXISTS { GRAPH <inferred> { ?family aio:descendsFrom+ ?version } }
    }
    GROUP BY ?family
  }
  FILTER(?versions > 1 || NOT EXISTS { GRAPH <inferred> { ?family aio:descendsFrom ?ancestor } })
  FILTER NOT EXISTS { GRAPH ?anywhere { ?family a aio:ModelFamily } }
} ;

INSERT { GRAPH <inferred> { ?version aio:descendsFrom ?family } }
WHERE {
  GRAPH <inferred> { ?version aio:descendsFrom+ ?family }
  FILTER(?version != ?family)
} ;

INSERT { GRAPH <inferred> { ?family aio:hasDescendant ?version } }
WHERE { GRAPH <inferred> { ?version aio:descendsFrom ?family } }
