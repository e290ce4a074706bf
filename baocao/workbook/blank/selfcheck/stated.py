"""Which rules a form states in formulas, and the words that say nothing there. Light: the catalogue asks."""

IN_FORM = frozenset(
    {
        "value_missing", "cutoff_window", "as_assigned",
        "not_whole", "negative", "count_limit", "numerator_le_denominator", "ratio_agrees", "joint_le_components",
        "joint_ge_components", "components_same_denominator", "headline_empty", "note_when_below_target",
        "progress_range", "done_means_100", "not_started_means_0", "done_needs_date_and_product", "done_date_in_past",
        "due_changed", "due_within_pilot", "product_numbered", "difficulty_incomplete", "start_after_due",
        "amount_unit", "amount_positive", "budget_task_known", "result_agrees", "adjustment_explained",
    }
)  # fmt: skip
"""Rules whose verdict the sheet gives itself. Of cells that cannot be read it tells the plain cases alone."""

NOTHING = (
    "-", "–", "—", "--", "_", "/", ".", "...", "…", "?", "0", "k", "ko", "không", "không có", "ko có", "không có gì",
    "không phát sinh", "ko phát sinh", "không có phát sinh", "chưa", "chưa có", "chưa phát sinh", "chưa báo cáo",
    "k/ps", "k.ps", "kps", "n/a", "na", "null", "none", "no", "nil", "trống", "để trống", "bỏ trống",
    "không có khó khăn", "không có vướng mắc", "không có khó khăn, vướng mắc", "không khó khăn", "không vướng mắc",
    "không có kiến nghị", "không kiến nghị", "không có ý kiến", "không có đề xuất",
    "đã báo cáo", "như đã báo cáo", "đã nêu", "đã nêu trên", "như kỳ trước", "như tháng trước", "như báo cáo trước",
)  # fmt: skip
"""Texts that say that there is nothing; reading knows more of them."""
