# title: Ranks of claims, in Wikidata's sense
# description: Deprecated is a claim that a later assertion or denial contradicts, unless that one was answered itself. Preferred is the last word where claims differ: one that confirms, supersedes or deprecates another, and that nothing supersedes or disputes. A claim without a rank is a normal one.
# infers: aio:rank

PREFIX aio: <https://w3id.org/ai-industry/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>

# Reads aio:contradicts, aio:confirms and aio:supersedes.

INSERT { GRAPH <inferred> { ?claim aio:rank aio:deprecated } }
WHERE {
  GRAPH <inferred> { ?claim aio:contradicts ?contrary }
  GRAPH ?article { ?claim aio:modality ?modality }
  GRAPH ?article { ?article schema:datePublished ?earlier }
  GRAPH ?other { ?contrary aio:modality ?decisive }
  GRAPH ?other { ?other schema:datePublished ?later }
  FILTER(?decisive IN (aio:asserted, aio:denied))
  FILTER(SUBSTR(STR(?later), 1, STRLEN(STR(?earlier))) > STR(?earlier))
  # A denial that was itself answered deprecates nothing, nor does an assertion that was denied again.
  MINUS {
    GRAPH <inferred> { ?contrary aio:contradicts ?answer }
    GRAPH ?source { ?contrary aio:modality ?said }
    GRAPH ?source { ?source schema:datePublished ?date }
    GRAPH ?third { ?answer aio:modality ?decided }
    GRAPH ?third { ?third schema:datePublished ?answered }
    FILTER(?decided IN (aio:asserted, aio:denied))
    FILTER(!(SUBSTR(STR(?date), 1, STRLEN(STR(?answered))) > STR(?answered)))
  }
} ;

INSERT { GRAPH <inferred> { ?claim aio:rank aio:preferred } }
WHERE {
  {
    SELECT DISTINCT ?claim
    WHERE {
      { GRAPH <inferred> { ?claim aio:confirms|aio:supersedes ?other } }
      UNION
      {
        GRAPH <inferred> { ?claim aio:contradicts ?other . ?other aio:rank aio:deprecated }
        GRAPH ?article { ?claim aio:modality ?modality }
        GRAPH ?article { ?article schema:datePublished ?later }
        GRAPH ?source { ?other aio:modality ?told }
        GRAPH ?source { ?source schema:datePublished ?earlier }
        FILTER(?modality IN (aio:asserted, aio:denied))
        FILTER(SUBSTR(STR(?later), 1, STRLEN(STR(?earlier))) > STR(?earlier))
      }
    }
  }
  FILTER NOT EXISTS { GRAPH <inferred> { ?claim aio:supersededBy ?newer } }
  FILTER NOT EXISTS {
    GRAPH <inferred> { ?claim aio:contradicts ?contrary }
    FILTER NOT EXISTS { GRAPH <inferred> { ?contrary aio:rank aio:deprecated } }
  }
  # Articles of one date that differ on whether a post is still held leave no last word.
  MINUS {
    VALUES (?is ?opposite) { (aio:current aio:former) (aio:former aio:current) }
    GRAPH ?article { ?claim aio:workStatus ?is ; rdf:subject ?person ; rdf:object ?organization }
    GRAPH ?source { ?contrary rdf:subject ?person ; rdf:object ?organization ; aio:workStatus ?opposite ; aio:modality ?told }
    FILTER(?told IN (aio:asserted, aio:reported))
    GRAPH ?article { ?article schema:datePublished ?when }
    GRAPH ?source { ?source schema:datePublished ?date }
    FILTER(!(SUBSTR(STR(?when), 1, STRLEN(STR(?date))) > STR(?date)))
  }
}
