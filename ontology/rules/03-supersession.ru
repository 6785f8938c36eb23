# title: Claims that a later article makes out of date
# description: A post that a later article says is former, or current again, and a plan that a later article asserts or denies. Later means that the dates leave no doubt.
# infers: aio:supersedes aio:supersededBy

PREFIX aio: <https://w3id.org/ai-industry/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>

INSERT { GRAPH <inferred> { ?new aio:supersedes ?old . ?old aio:supersededBy ?new } }
WHERE {
  VALUES (?was ?is) { (aio:current aio:former) (aio:former aio:current) }
  GRAPH ?article { ?old aio:workStatus ?was ; rdf:subject ?person ; rdf:object ?organization ; aio:modality ?told }
  GRAPH ?other { ?new rdf:subject ?person ; rdf:object ?organization ; aio:workStatus ?is ; aio:modality ?tells }
  FILTER(?told IN (aio:asserted, aio:reported) && ?tells IN (aio:asserted, aio:reported))
  GRAPH ?article { ?article schema:datePublished ?earlier }
  GRAPH ?other { ?other schema:datePublished ?later }
  FILTER(SUBSTR(STR(?later), 1, STRLEN(STR(?earlier))) > STR(?earlier))
} ;

INSERT { GRAPH <inferred> { ?new aio:supersedes ?old . ?old aio:supersededBy ?new } }
WHERE {
  # Symmetric relations are stated in either direction, all others match in one.
  VALUES (?from ?to) { (rdf:subject rdf:object) (rdf:object rdf:subject) }
  GRAPH ?article { ?old aio:modality aio:planned ; rdf:predicate ?predicate ; ?from ?subject ; ?to ?object }
  FILTER(?from = rdf:subject || ?predicate IN (aio:partnersWith, aio:competesWith))
  GRAPH ?other { ?new rdf:subject ?subject ; rdf:object ?object ; rdf:predicate ?predicate ; aio:modality ?modality }
  FILTER(?modality IN (aio:asserted, aio:denied))
  GRAPH ?article { ?article schema:datePublished ?earlier }
  GRAPH ?other { ?other schema:datePublished ?later }
  FILTER(SUBSTR(STR(?later), 1, STRLEN(STR(?earlier))) > STR(?earlier))
  OPTIONAL { GRAPH ?article { ?old aio:workStatus ?was } }
  OPTIONAL { GRAPH ?other { ?new aio:workStatus ?is } }
  FILTER(COALESCE(?was, ?is, "") = COALESCE(?is, ?was, ""))
}
