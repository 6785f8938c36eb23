# title: Who owns whom, over any number of steps
# description: A subsidiary is owned by its parent, what was acquired by who acquired it, and by whoever owns those. Nothing owns itself, though articles may state a circle.
# infers: aio:ownedBy aio:owns

PREFIX aio: <https://w3id.org/ai-industry/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

# Reads aio:acquired, which rules infer from events.

INSERT { GRAPH <inferred> { ?owned aio:ownedBy ?owner } }
WHERE {
  { GRAPH <inferred> { ?owner aio:acquired ?owned } }
  UNION
  {
    {
      GRAPH ?article {
        ?owned aio:subsidiaryOf ?owner .
        ?claim rdf:subject ?owned ; rdf:predicate aio:subsidiaryOf ; rdf:object ?owner ; aio:modality ?modality .
      }
    } UNION {
      GRAPH ?article {
        ?owner aio:acquired ?owned .
        ?claim rdf:subject ?owner ; rdf:predicate aio:acquired ; rdf:object ?owned ; aio:modality ?modality .
      }
    }
    FILTER(?modality IN (aio:asserted, aio:reported) && ?owned != ?owner)
    FILTER NOT EXISTS { GRAPH <inferred> { ?claim aio:rank aio:deprecated } }
  }
} ;

INSERT { GRAPH <inferred> { ?owned aio:ownedBy ?owner } }
WHERE {
  GRAPH <inferred> { ?owned aio:ownedBy+ ?owner }
  FILTER(?owned != ?owner)
} ;

INSERT { GRAPH <inferred> { ?owner aio:owns ?owned } }
WHERE { GRAPH <inferred> { ?owned aio:ownedBy ?owner } }
