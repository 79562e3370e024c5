package io.tarn.worker.page.store;

import io.tarn.worker.page.CachedFile.PageVisitor;
import io.tarn.worker.page.PageCondition;

/** Checks the pages of one segment. Used once, by one thread. */
final class SegmentScrub {
    private final Segment segment;
    private final boolean uncheckedOnly;
    private final PageVisitor visitor;

    SegmentScrub(Segment segment, boolean uncheckedOnly, PageVisitor visitor) {
        this.segment = segment;
        this.uncheckedOnly = uncheckedOnly;
        this.visitor = visitor;
    }

    /** @return false where the visitor wants no more */
    boolean run() {
        SegmentFile start = segment.current();
        if (start == null) {
            return true;
        }
        for (int page : start.pages().presentPages()) {
            if (uncheckedOnly && (start.pages().get(page) & (PageTable.VERIFIED | PageTable.DAMAGED)) != 0) {
                continue;
            }
            PageCondition condition = segment.pages().scrub(page);
            int global = segment.firstPage() + page;
            if (condition != PageCondition.ABSENT
                    && !visitor.checked(global, segment.file().pageLength(global), condition)) {
                return false;
            }
        }
        return true;
    }
}
