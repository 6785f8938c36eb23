# title: Who invested in or acquired whom, from events
# description: The parties of an event that its article asserts or reports, where no article states the relation as a triple, the article itself makes no claim on the pair that says otherwise, and no article of the same date or later denies the event or the relation. Who invested is an Investor.
# infers: aio:investedIn aio:acquired aio:Investor

PREFIX aio: <https://w3id.org/ai-industry/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>

INSERT { GRAPH <inferred> { ?investor ?relation ?company } }
WHERE {
  {
    SELECT DISTINCT ?investor ?relation ?company
    WHERE {
      VALUES (?kind ?relation) {
        (aio:FundingRound aio:investedIn) (aio:StakePurchase aio:investedIn) (aio:PublicOffering aio:investedIn)
        (aio:Acquisition aio:acquired)
      }
      GRAPH ?article { ?event a ?kind ; aio:investee ?company ; aio:investor ?investor ; aio:modality ?modality }
      FILTER(?modality IN (aio:asserted, aio:reported) && ?investor != ?company)
      # An article may tell of one event twice. Where it speaks of the pair itself, its claim decides.
      FILTER NOT EXISTS { GRAPH ?article { ?event aio:modality aio:denied } }
      FILTER NOT EXISTS {
        GRAPH ?article { ?own rdf:subject ?investor ; rdf:predicate ?relation ; rdf:object ?company }
      }
      MINUS {
        GRAPH ?other { ?event aio:modality aio:denied }
        GRAPH ?article { ?event aio:investee ?company }
        OPTIONAL { GRAPH ?article { ?article schema:datePublished ?told } }
        OPTIONAL { GRAPH ?other { ?other schema:datePublished ?denied } }
        FILTER(!COALESCE(SUBSTR(STR(?told), 1, STRLEN(STR(?denied))) > STR(?denied), false))
      }
      MINUS {
        GRAPH ?other {
          ?denial aio:modality aio:denied ; rdf:predicate ?relation ; rdf:subject ?investor ; rdf:object ?company
        }
        GRAPH ?article { ?event aio:investor ?investor ; aio:investee ?company }
        OPTIONAL { GRAPH ?article { ?article schema:datePublished ?told } }
        OPTIONAL { GRAPH ?other { ?other schema:datePublished ?denied } }
        FILTER(!COALESCE(SUBSTR(STR(?told), 1, STRLEN(STR(?denied))) > STR(?denied), false))
      }
    }
  }
  FILTER NOT EXISTS { GRAPH ?anywhere { ?investor ?relation ?company } }
} ;

INSERT { GRAPH <inferred> { ?investor a aio:Investor } }
WHERE {
  SELECT DISTINCT ?investor
  WHERE {
    { GRAPH <inferred> { ?investor aio:investedIn ?company } }
    UNION
    {
      GRAPH ?article {
        ?investor aio:investedIn ?company .
        ?claim rdf:subject ?investor ; rdf:predicate aio:investedIn ; rdf:object ?company ; aio:modality ?modality .
      }
      FILTER(?modality IN (aio:asserted, aio:reported))
      FILTER NOT EXISTS { GRAPH <inferred> { ?claim aio:rank aio:deprecated } }
    }
  }
}
