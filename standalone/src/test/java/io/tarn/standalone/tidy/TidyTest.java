package io.tarn.standalone.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rules for sources that neither the compiler nor the formatter checks. */
class TidyTest {
    private static final int MAX_FILE_LINES = 500;
    private static final int MAX_METHOD_LINES = 70;

    private final SourceTree tree = SourceTree.find();
    private final List<Path> files = tree.javaFiles();

    @Test
    void theSourcesAreFound() {
        assertTrue(files.size() > 100, files.size() + " files under " + tree.root());
    }

    @Test
    void filesAreShort() {
        assertNone(
                file -> tree.text(file).lines().count() > MAX_FILE_LINES, "longer than " + MAX_FILE_LINES + " lines");
    }

    @Test
    void methodsAreShort() throws IOException {
        List<Path> all = files.stream().map(tree.root()::resolve).toList();
        assertEquals(List.of(), MethodLengths.longerThan(MAX_METHOD_LINES, all));
    }

    @Test
    void packagesAreNamedAfterWhatTheyAre() {
        Pattern vague = Pattern.compile("/(util|utils|common|commons|misc|helpers?)/");
        assertNone(file -> vague.matcher("/" + file).find(), "in a package whose name says nothing");
    }

    @Test
    void testsAwaitConditionsInsteadOfSleeping() {
        Pattern sleep = Pattern.compile("Thread\\s*\\.\\s*sleep|TimeUnit\\.\\w+\\.sleep");
        assertNone(
                file -> SourceTree.isTest(file)
                        && !isThisPackage(file)
                        && sleep.matcher(tree.text(file)).find(),
                "sleeping");
    }

    @Test
    void onlyCommandsWriteToStandardOutput() {
        Pattern out = Pattern.compile("System\\s*\\.\\s*(out|err)\\s*\\.");
        assertNone(
                file -> !SourceTree.isTest(file)
                        && !SourceTree.isIn(file, "cli", "benchmarks", "testing")
                        && out.matcher(tree.text(file)).find(),
                "writing to standard output or error");
    }

    @Test
    void nothingIsLeftForLater() {
        Pattern later = Pattern.compile("\\b(TODO|FIXME|XXX|HACK)\\b");
        assertNone(
                file -> !isThisPackage(file) && later.matcher(tree.text(file)).find(), "with something left for later");
    }

    @Test
    void everyPackageIsNullMarkedAndSaysWhatItIsFor() {
        Set<Path> packages = new TreeSet<>();
        files.stream().filter(file -> !SourceTree.isTest(file)).forEach(file -> packages.add(file.getParent()));
        List<String> wrong = packages.stream()
                .filter(each -> !isDescribed(each.resolve("package-info.java")))
                .map(Path::toString)
                .toList();
        assertEquals(List.of(), wrong, "packages without a package-info that has @NullMarked and a sentence");
    }

    private boolean isDescribed(Path info) {
        if (!Files.exists(tree.root().resolve(info))) {
            return false;
        }
        String text = tree.text(info);
        return text.contains("@NullMarked") && text.startsWith("/**") && text.indexOf("*/") > 20;
    }

    private static boolean isThisPackage(Path file) {
        return file.toString().contains("io/tarn/standalone/tidy/");
    }

    private void assertNone(Predicate<Path> wrong, String what) {
        assertEquals(List.of(), files.stream().filter(wrong).map(Path::toString).toList(), "files " + what);
    }
}
