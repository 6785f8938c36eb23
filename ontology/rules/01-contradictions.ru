# title: Claims that contradict each other
# description: A claim that denies a statement contradicts each one, in whichever article, that asserts or reports it. Of a post, only claims of one status (current, former) or of none.
# infers: aio:contradicts

PREFIX aio: <https://w3id.org/ai-industry/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

INSERT { GRAPH <inferred> { ?denial aio:contradicts ?claim . ?claim aio:contradicts ?denial } }
WHERE {
  # Symmetric relations are stated in either direction, all others match in one.
  VALUES (?from ?to) { (rdf:subject rdf:object) (rdf:object rdf:subject) }
  GRAPH ?article { ?denial aio:modality aio:denied ; rdf:predicate ?predicate ; ?from ?subject ; ?to ?object }
  FILTER(?from = rdf:subject || ?predicate IN (aio:partnersWith, aio:competesWith))
  GRAPH ?other { ?claim rdf:subject ?subject ; rdf:object ?object ; rdf:predicate ?predicate ; aio:modality ?modality }
  FILTER(?modality IN (aio:asserted, aio:reported))
  OPTIONAL { GRAPH ?article { ?denial aio:workStatus ?denied } }
  OPTIONAL { GRAPH ?other { ?claim aio:workStatus ?held } }
  FILTER(COALESCE(?denied, ?held, "") = COALESCE(?held, ?denied, ""))
}
