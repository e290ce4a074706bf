"""Văn bản theo mục: the assignment report and the final assessment as Word document, PDF, workbooks and mail."""

from baocao.domain.reported.assessment import FinalAssessment
from baocao.domain.reported.assignment import AssignmentReport
from baocao.render.papers.assignment import assignment_paper
from baocao.render.papers.final import final_paper
from baocao.render.papers.paper import Paper


def paper_of(report: AssignmentReport | FinalAssessment) -> Paper:
    """The report as a paper: words, annexes, key figures, workbooks."""
    return assignment_paper(report) if isinstance(report, AssignmentReport) else final_paper(report)
