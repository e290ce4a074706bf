"""The charts by name, and the question that each answers."""

ATTAINMENT = "chi-tieu"


TRAJECTORY = "dien-bien"


HEAT_MAP = "don-vi"


TIMELINESS = "thoi-han"


CHART_NAMES = (ATTAINMENT, TRAJECTORY, HEAT_MAP, TIMELINESS)


def chart_question(name: str) -> str:
    """What a chart answers; its caption."""
    return {
        ATTAINMENT: "Kết quả từng chỉ tiêu so với mục tiêu",
        TRAJECTORY: "Diễn biến từng chỉ tiêu qua các tháng",
        HEAT_MAP: "Kết quả từng chỉ tiêu tại các đơn vị",
        TIMELINESS: "Tình hình nộp báo cáo qua các tháng",
    }[name]
