"""The words of the page, in Chinese and English."""

from __future__ import annotations

__all__ = ["WORDS"]

_ZH = {
    "Company": "公司", "Organization": "机构", "Model": "模型", "Product": "产品", "Person": "人物",
    "develops": "研发", "offers": "推出", "poweredBy": "基于", "versionOf": "版本属于", "foundedBy": "创始人",
    "worksFor": "任职于", "educatedAt": "就读于", "subsidiaryOf": "隶属于", "acquired": "收购", "investedIn": "投资",
    "partnersWith": "合作", "competesWith": "竞争", "listedOn": "上市于",
    "develops⁻¹": "研发方", "offers⁻¹": "推出方", "poweredBy⁻¹": "被用于", "versionOf⁻¹": "版本",
    "foundedBy⁻¹": "创立",
    "worksFor⁻¹": "任职者", "educatedAt⁻¹": "校友", "subsidiaryOf⁻¹": "旗下", "acquired⁻¹": "被收购",
    "investedIn⁻¹": "投资方", "listedOn⁻¹": "上市公司",
    "asserted": "已述", "reported": "传闻", "planned": "计划", "denied": "否认",
    "entities": "个实体", "facts": "条事实", "articles": "篇文章", "confidence": "置信度", "untitled": "（无标题）",
    "search": "搜索名称或别名", "nothing": "没有找到", "close": "关闭", "investments": "投融资", "valuation": "估值",
    "round": "融资", "round_suffix": "轮", "stake": "入股", "ipo": "上市", "acquisition": "收购",
    "seed": "种子轮", "angel": "天使轮", "strategic": "战略融资",
    "left_out": "另有 {n} 个实体未显示",
}  # fmt: skip
_EN = {
    "Company": "company", "Organization": "organization", "Model": "model", "Product": "product", "Person": "person",
    "develops": "develops", "offers": "offers", "poweredBy": "runs on", "versionOf": "is a version of",
    "foundedBy": "founded by", "worksFor": "works for", "educatedAt": "studied at", "subsidiaryOf": "belongs to",
    "acquired": "acquired", "investedIn": "invested in", "partnersWith": "partners with",
    "competesWith": "competes with", "listedOn": "listed on",
    "develops⁻¹": "developed by", "offers⁻¹": "offered by", "poweredBy⁻¹": "powers", "versionOf⁻¹": "versions",
    "foundedBy⁻¹": "founded", "worksFor⁻¹": "people", "educatedAt⁻¹": "alumni", "subsidiaryOf⁻¹": "owns",
    "acquired⁻¹": "acquired by", "investedIn⁻¹": "investors", "listedOn⁻¹": "lists",
    "asserted": "asserted", "reported": "reported", "planned": "planned", "denied": "denied",
    "entities": "entities", "facts": "facts", "articles": "articles", "confidence": "confidence",
    "untitled": "(untitled)", "search": "Search any name", "nothing": "nothing found", "close": "close",
    "investments": "Investments", "valuation": "valuation", "round": "round",
    "round_suffix": " round", "seed": "seed round", "angel": "angel round", "strategic": "strategic round",
    "stake": "stake", "ipo": "IPO",
    "acquisition": "acquisition", "left_out": "{n} more entities not shown",
}  # fmt: skip

WORDS = {"zh": _ZH, "en": _EN}
"""Language -> key -> what the page says; a predicate with ⁻¹ is read from its object."""
