"""Kể lại một báo cáo: the one place where it is decided which words go with which kind of report."""

from baocao.domain.reported.assessment import FinalAssessment
from baocao.domain.reported.assignment import AssignmentReport
from baocao.domain.reported.report import Report
from baocao.narrative.assignment import narrate_assignment
from baocao.narrative.final import narrate_final
from baocao.narrative.monthly import Narrative, narrate
from baocao.narrative.story import Section, Story

AnyReport = Report | AssignmentReport | FinalAssessment


def story_of(report: AnyReport) -> Story:
    """Any report in Vietnamese prose; the same report always gives the same sentences."""
    if isinstance(report, AssignmentReport):
        return narrate_assignment(report)
    if isinstance(report, FinalAssessment):
        return narrate_final(report)
    return _monthly(narrate(report))


def _monthly(narrative: Narrative) -> Story:
    return Story(
        subject=narrative.subject,
        headline=narrative.headline,
        opening=narrative.opening,
        restated=narrative.restated,
        sections=(
            Section(title="I. KẾT QUẢ THỰC HIỆN"),
            Section(title="1. Kết quả thực hiện các chỉ tiêu", paragraphs=narrative.results, level=2),
            Section(title="2. Kết quả thực hiện nhiệm vụ", paragraphs=narrative.tasks, level=2),
            Section(title="II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", paragraphs=narrative.shortcomings),
            Section(title="III. NHIỆM VỤ THÁNG TỚI", paragraphs=narrative.next_month),
            Section(title="IV. ĐỀ XUẤT, KIẾN NGHỊ", paragraphs=narrative.proposals),
        ),
    )
