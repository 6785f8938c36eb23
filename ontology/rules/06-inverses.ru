# title: Every relation in its other direction
# description: The inverses of the stated relations, and the other direction of the symmetric ones where no article states it. They mirror the direct triples, deprecated or not, as the ontology's axioms do.
# infers: aio:developedBy aio:offeredBy aio:powers aio:hasVersion aio:founderOf aio:employs aio:educated aio:hasSubsidiary aio:acquiredBy aio:hasInvestor aio:lists aio:partnersWith aio:competesWith

PREFIX aio: <https://w3id.org/ai-industry/ontology#>

# Reads aio:investedIn and aio:acquired, which rules infer from events.

INSERT { GRAPH <inferred> { ?object ?inverse ?subject } }
WHERE {
  VALUES (?relation ?inverse) {
    (aio:develops aio:developedBy) (aio:offers aio:offeredBy) (aio:poweredBy aio:powers) (aio:versionOf aio:hasVersion)
    (aio:foundedBy aio:founderOf) (aio:worksFor aio:employs) (aio:educatedAt aio:educated)
    (aio:subsidiaryOf aio:hasSubsidiary) (aio:acquired aio:acquiredBy) (aio:investedIn aio:hasInvestor)
    (aio:listedOn aio:lists)
  }
  GRAPH ?graph { ?subject ?relation ?object }
} ;

INSERT { GRAPH <inferred> { ?object ?relation ?subject } }
WHERE {
  VALUES ?relation { aio:partnersWith aio:competesWith }
  GRAPH ?article { ?subject ?relation ?object }
  FILTER NOT EXISTS { GRAPH ?other { ?object ?relation ?subject } }
}
