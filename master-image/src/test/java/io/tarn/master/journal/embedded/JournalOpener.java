package io.tarn.master.journal.embedded;

import java.nio.file.Path;

/** A process that opens a journal and says what happened. */
final class JournalOpener {
    private JournalOpener() {}

    public static void main(String[] arguments) {
        try (EmbeddedJournal journal = EmbeddedJournal.open(Path.of(arguments[0]), JournalConfig.DEFAULT)) {
            System.out.println("opened at " + journal.lastSequence());
        } catch (java.io.IOException e) {
            System.out.println(e.getMessage());
        }
    }
}
