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
    "other": "其他", "filters": "筛选", "types": "类型", "modalities": "语气", "predicates": "关系",
    "reset": "清除筛选",
    "colour_by": "颜色", "by_type": "按类型", "by_community": "按社群", "dates": "时间", "article_dates": "文章日期",
    "event_dates": "事件日期", "no_dates": "没有日期", "since": "起始日期", "until": "截止日期",
    "min_sources": "至少几篇文章",
    "fit": "显示全部", "png": "下载 PNG 图片", "help": "键盘操作", "language": "切换语言", "evidence": "原文",
    "isolate": "只看相邻", "expand": "再展开一层", "show_all": "显示全图", "find_path": "到…的路径",
    "copy_sparql": "复制 SPARQL", "copy_link": "复制链接", "copied": "已复制", "not_copied": "浏览器不允许复制",
    "path": "路径", "no_path": "在所显示的事实中没有路径", "steps": "{n} 步", "more": "显示其余 {n} 条",
    "hidden_facts": "另有 {n} 条事实被筛选隐藏", "constructed": "由查询得出", "not_here": "链接所指的内容不在此页",
    "pick_second": "从「{name}」出发：点选或搜索另一个实体（Esc 取消）", "network_help": "关系网络，方向键移动",
    "career": "履历", "role": "职务", "status": "状态", "told": "日期", "current": "现任", "former": "曾任",
    "lead": "领投", "date": "日期", "round_column": "轮次", "amount": "金额", "investors": "投资方",
    "keys": "/ 搜索 · Esc 关闭 · + − 缩放 · 0 显示全部 · 方向键 平移，选中实体后走到相邻实体 · ? 本说明\n"
    "按住 Alt 点筛选项：只看这一项",
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
    "other": "other", "filters": "Filters", "types": "Types", "modalities": "Modality", "predicates": "Relations",
    "reset": "Clear filters", "colour_by": "Colours", "by_type": "by type", "by_community": "by community",
    "dates": "Time", "article_dates": "dates of articles", "event_dates": "dates of facts", "no_dates": "no dates",
    "since": "from", "until": "to", "min_sources": "Articles, at least", "fit": "show all", "png": "download PNG",
    "help": "keys", "language": "change language", "evidence": "the sentence", "isolate": "Neighbours only",
    "expand": "One step more", "show_all": "Show all", "find_path": "Path to…", "copy_sparql": "Copy as SPARQL",
    "copy_link": "Copy link", "copied": "Copied", "not_copied": "The browser does not allow copying", "path": "Path",
    "no_path": "No path over the facts shown", "steps": "{n} steps", "more": "{n} more",
    "hidden_facts": "{n} more facts hidden by the filters", "constructed": "made by the query",
    "not_here": "What the link points to is not on this page",
    "pick_second": "From “{name}”: click or search another entity (Esc to cancel)",
    "network_help": "network, move with the arrow keys", "career": "Career", "role": "role", "status": "status",
    "told": "date", "current": "current", "former": "former", "lead": "lead", "date": "date",
    "round_column": "round", "amount": "amount", "investors": "investors",
    "keys": "/ search · Esc close · + − zoom · 0 show all · arrows pan, or walk to a neighbour of what is selected · "
    "? this help\n"
    "Alt-click a filter: only this one",
}  # fmt: skip

WORDS = {"zh": _ZH, "en": _EN}
"""Language -> key -> what the page says; a predicate with ⁻¹ is read from its object."""
