# title: Posts, and who works where now
# description: One post for a person and an organization, from all claims that hold: its roles, when it was first and last reported, and the status that the latest article gives. Of articles of one date, one that says current wins; articles without a date count as the oldest.
# infers: aio:Post org:member org:organization aio:role aio:workStatus aio:firstReported aio:lastReported prov:wasDerivedFrom aio:currentlyWorksFor aio:currentlyEmploys

PREFIX aio: <https://w3id.org/ai-industry/ontology#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>

INSERT {
  GRAPH <inferred> {
    ?post a aio:Post ; org:member ?person ; org:organization ?organization ; aio:role ?role ; prov:wasDerivedFrom ?claim .
  }
}
WHERE {
  GRAPH ?article {
    ?person aio:worksFor ?organization .
    ?claim rdf:subject ?person ; rdf:predicate aio:worksFor ; rdf:object ?organization ; aio:modality ?modality .
  }
  FILTER(?modality IN (aio:asserted, aio:reported))
  FILTER NOT EXISTS { GRAPH <inferred> { ?claim aio:rank aio:deprecated } }
  OPTIONAL { GRAPH ?article { ?claim aio:role ?role } }
  BIND(IRI(CONCAT("post/", SUBSTR(SHA256(CONCAT(STR(?person), " ", STR(?organization))), 1, 16))) AS ?post)
} ;

INSERT { GRAPH <inferred> { ?post aio:firstReported ?date } }
WHERE {
  {
    SELECT ?post (MIN(STR(?reported)) AS ?first)
    WHERE {
      GRAPH <inferred> { ?post a aio:Post ; prov:wasDerivedFrom ?any }
      GRAPH ?source { ?any aio:modality ?modality . ?source schema:datePublished ?reported }
    }
    GROUP BY ?post
  }
  GRAPH <inferred> { ?post prov:wasDerivedFrom ?claim }
  GRAPH ?article { ?claim aio:modality ?how . ?article schema:datePublished ?date }
  FILTER(STR(?date) = ?first)
} ;

INSERT { GRAPH <inferred> { ?post aio:lastReported ?date } }
WHERE {
  {
    SELECT ?post (MAX(STR(?reported)) AS ?last)
    WHERE {
      GRAPH <inferred> { ?post a aio:Post ; prov:wasDerivedFrom ?any }
      GRAPH ?source { ?any aio:modality ?modality . ?source schema:datePublished ?reported }
    }
    GROUP BY ?post
  }
  GRAPH <inferred> { ?post prov:wasDerivedFrom ?claim }
  GRAPH ?article { ?claim aio:modality ?how . ?article schema:datePublished ?date }
  FILTER(STR(?date) = ?last)
} ;

INSERT { GRAPH <inferred> { ?post aio:workStatus ?status } }
WHERE {
  {
    # current comes before former in the alphabet too: it wins where the latest articles differ.
    SELECT ?post (IRI(MIN(STR(?stated))) AS ?status)
    WHERE {
      {
        SELECT ?post (MAX(COALESCE(STR(?told), "0000")) AS ?last)
        WHERE {
          GRAPH <inferred> { ?post a aio:Post ; prov:wasDerivedFrom ?any }
          GRAPH ?source { ?any aio:workStatus ?given }
          OPTIONAL { GRAPH ?source { ?source schema:datePublished ?told } }
        }
        GROUP BY ?post
      }
      GRAPH <inferred> { ?post prov:wasDerivedFrom ?claim }
      GRAPH ?article { ?claim aio:workStatus ?stated }
      OPTIONAL { GRAPH ?article { ?article schema:datePublished ?date } }
      BIND(COALESCE(STR(?date), "0000") AS ?when)
      FILTER(!(SUBSTR(?last, 1, STRLEN(?when)) > ?when))
    }
    GROUP BY ?post
  }
} ;

INSERT {
  GRAPH <inferred> { ?person aio:currentlyWorksFor ?organization . ?organization aio:currentlyEmploys ?person }
}
WHERE {
  GRAPH <inferred> { ?post aio:workStatus aio:current ; org:member ?person ; org:organization ?organization }
}
