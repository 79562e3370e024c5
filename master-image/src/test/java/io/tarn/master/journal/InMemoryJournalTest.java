package io.tarn.master.journal;

class InMemoryJournalTest extends JournalContract {
    private final InMemoryJournal memory = new InMemoryJournal();

    @Override
    protected Journal open() {
        memory.forgetWriter();
        return memory;
    }
}
