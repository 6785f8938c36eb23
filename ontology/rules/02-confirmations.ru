# title: Rumours and plans that another article confirms
# description: A claim that asserts a statement confirms each that another article, of the same date or an earlier one, reports or plans. Of a post, only claims of one status or of none.
# infers: aio:confirms aio:confirmedBy

PREFIX aio: <https://w3id.org/ai-industry/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>

INSERT { GRAPH <inferred> { ?fact aio:confirms ?rumour . ?rumour aio:confirmedBy ?fact } }
WHERE {
  VALUES ?modality { aio:reported aio:planned }
  # Symmetric relations are stated in either direction, all others match in one.
  VALUES (?from ?to) { (rdf:subject rdf:object) (rdf:object rdf:subject) }
  GRAPH ?article { ?rumour aio:modality ?modality ; rdf:predicate ?predicate ; ?from ?subject ; ?to ?object }
  FILTER(?from = rdf:subject || ?predicate IN (aio:partnersWith, aio:competesWith))
  GRAPH ?other { ?fact rdf:subject ?subject ; rdf:object ?object ; rdf:predicate ?predicate ; aio:modality aio:asserted }
  FILTER(?article != ?other)
  GRAPH ?article { ?article schema:datePublished ?earlier }
  GRAPH ?other { ?other schema:datePublished ?later }
  # Dates are compared as far as both go: 2026 and 2026-03-05 have no order.
  FILTER(STR(?later) = STR(?earlier) || SUBSTR(STR(?later), 1, STRLEN(STR(?earlier))) > STR(?earlier))
  OPTIONAL { GRAPH ?article { ?rumour aio:workStatus ?rumoured } }
  OPTIONAL { GRAPH ?other { ?fact aio:workStatus ?held } }
  FILTER(COALESCE(?rumoured, ?held, "") = COALESCE(?held, ?rumoured, ""))
}
