package io.tarn.standalone.crash;

import io.tarn.client.AttributeChange;
import io.tarn.client.CreateOptions;
import io.tarn.client.FileReader;
import io.tarn.client.OpenOptions;
import io.tarn.client.WriteType;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/** Chooses what a client does next: mostly what is possible, at times what has to be refused. For one thread. */
final class RandomSteps {
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final int MAX_DEPTH = 3;
    private static final int MANY_BYTES = 12 << 20;
    private static final int SOME_BYTES = 200_000;
    private static final List<Integer> MODES = List.of(0600, 0644, 0700, 0755, 0750);
    private static final int TRIES = 20;

    private final List<String> roots;
    private final Random random;
    private final boolean throughByDefault;

    /**
     * @param roots each client has its own below the two mounts and beside them; the first is chosen most often
     * @param throughByDefault what is written in a mount without a word of its own goes through to the store
     */
    RandomSteps(List<String> roots, boolean throughByDefault, Random random) {
        this.throughByDefault = throughByDefault;
        this.roots = roots;
        this.random = random;
    }

    Step next(Tree tree) {
        Step step = choose(tree);
        for (int i = 0; i < TRIES && step.after() == null && random.nextInt(30) != 0; i++) {
            step = choose(tree);
        }
        return step;
    }

    private Step choose(Tree tree) {
        String path = path(root());
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> create(tree, path);
            case 5, 6 -> append(tree, path);
            case 7, 8 -> makeDirectory(tree, path);
            case 9, 10, 11, 12 -> rename(tree, path);
            case 13, 14 -> delete(tree, path);
            case 15 -> changeMode(tree, path);
            case 16 -> truncate(tree, path);
            case 17 -> persist(tree, path);
            default -> read(tree, path);
        };
    }

    private String root() {
        return random.nextBoolean() ? roots.get(0) : roots.get(random.nextInt(roots.size()));
    }

    private String path(String root) {
        StringBuilder path = new StringBuilder(root);
        int depth = 1 + random.nextInt(MAX_DEPTH);
        for (int i = 0; i < depth; i++) {
            path.append('/').append(NAMES.get(random.nextInt(NAMES.size())));
        }
        return path.toString();
    }

    private int length() {
        return switch (random.nextInt(12)) {
            case 0 -> 0;
            case 1 -> random.nextInt(MANY_BYTES);
            case 2, 3 -> random.nextInt(2 << 20);
            default -> 1 + random.nextInt(SOME_BYTES);
        };
    }

    private Step create(Tree tree, String path) {
        List<WriteType> types =
                isMounted(path) ? List.of(WriteType.values()) : List.of(WriteType.DEFAULT, WriteType.MUST_CACHE);
        CreateOptions options = new CreateOptions(
                random.nextInt(3) == 0 ? WriteType.ASYNC_THROUGH : types.get(random.nextInt(types.size())),
                random.nextInt(4) != 0,
                true,
                MODES.get(random.nextInt(MODES.size())),
                0,
                random.nextInt(4) == 0);
        if (!types.contains(options.writeType())) {
            options = options.withWriteType(WriteType.DEFAULT);
        }
        return WriteStep.create(
                tree,
                isThrough(path, options.writeType()),
                path,
                Content.of(random.nextLong(), length()),
                options,
                random);
    }

    private boolean isThrough(String path, WriteType type) {
        return switch (type) {
            case THROUGH, CACHE_THROUGH -> true;
            case ASYNC_THROUGH, MUST_CACHE -> false;
            case DEFAULT -> throughByDefault && isMounted(path);
        };
    }

    private static boolean isMounted(String path) {
        return !path.startsWith(CrashRun.UNMOUNTED);
    }

    private Step append(Tree tree, String path) {
        Tree.Entry entry = tree.get(path);
        Content base = entry == null || entry.content() == null ? Content.EMPTY : entry.content();
        int room = MANY_BYTES - base.lengthBytes();
        Content longer = base.plus(random.nextLong(), Math.max(0, Math.min(room, length())));
        return WriteStep.append(tree, isThrough(path, WriteType.DEFAULT), path, longer, base.lengthBytes(), random);
    }

    private Step truncate(Tree tree, String path) {
        Tree.Entry entry = tree.get(path);
        int bound =
                entry == null || entry.content() == null ? 1 : entry.content().lengthBytes() + 1;
        int kept = random.nextInt(bound);
        Tree after = entry == null || entry.content() == null
                ? null
                : tree.replaceContent(path, entry.content().first(kept));
        return new CutStep(tree, after, isThrough(path, WriteType.DEFAULT), path, kept);
    }

    private Step makeDirectory(Tree tree, String path) {
        boolean parents = random.nextBoolean();
        boolean existing = random.nextBoolean();
        return Step.of(
                "make directory " + path + (parents ? " with parents" : "") + (existing ? ", or find it" : ""),
                tree,
                tree.makeDirectory(path, parents, existing, Tree.ANY_MODE),
                client -> client.makeDirectory(path, parents, existing, 0755));
    }

    private Step rename(Tree tree, String source) {
        String root = roots.stream().filter(source::startsWith).findFirst().orElseThrow();
        String target = path(root);
        boolean overwrite = random.nextBoolean();
        return Step.of(
                "rename " + source + " to " + target + (overwrite ? ", overwrite" : ""),
                tree,
                tree.rename(source, target, overwrite),
                client -> client.rename(source, target, overwrite));
    }

    private Step delete(Tree tree, String path) {
        boolean recursive = random.nextBoolean();
        return Step.of(
                "delete " + path + (recursive ? ", recursively" : ""),
                tree,
                tree.delete(path, recursive),
                client -> client.delete(path, recursive));
    }

    private Step changeMode(Tree tree, String path) {
        boolean directory = tree.isDirectory(path);
        int mode = directory ? 0700 | random.nextInt(0100) : MODES.get(random.nextInt(MODES.size()));
        return Step.of(
                "change the mode of " + path + " to " + Integer.toOctalString(mode),
                tree,
                tree.changeMode(path, mode),
                client -> client.setAttributes(path, AttributeChange.NONE.withMode(mode)));
    }

    private Step persist(Tree tree, String path) {
        boolean possible = tree.get(path) != null && isMounted(path);
        return Step.of("persist " + path, tree, possible ? tree : null, client -> client.persist(path, true));
    }

    private Step read(Tree tree, String path) {
        Tree.Entry entry = tree.get(path);
        Content content = entry == null ? null : entry.content();
        return Step.of("read " + path, tree, content == null ? null : tree, client -> {
            try (FileReader reader = client.open(path, OpenOptions.DEFAULT)) {
                if (content != null && content.lengthBytes() > 0) {
                    int offset = ThreadLocalRandom.current().nextInt(content.lengthBytes());
                    Reads.check(path, reader, content, offset);
                }
            }
        });
    }
}
