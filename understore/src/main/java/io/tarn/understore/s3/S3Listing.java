package io.tarn.understore.s3;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StorePaths;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.Utf8Order;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The children of one S3 directory in the order of names.
 *
 * <p>S3 sorts the directory {@code b} as {@code b/}, after files such as {@code b!} and {@code b-1} whose next character comes before "/"; and an object
 * {@code b} arrives before it is known whether a directory {@code b} hides it. So entries are held back while a directory that has not arrived could
 * come before them or hide them. That can only be a directory whose name begins the last name of the page. Nearly always the next page settles it;
 * where a page long run begins with one name ("part-00000", "part-00001", ...), one small request asks whether that directory exists.
 *
 * <p>Holds about two pages of at most 1,000 entries. Used by one thread at a time.
 */
final class S3Listing implements Iterator<StoreStatus> {
    private final S3Requests requests;
    private final AtomicLong skipped;
    private final String path;
    private final String prefix;
    private final TreeMap<String, StoreStatus> held = new TreeMap<>(Utf8Order.INSTANCE);
    private final Deque<StoreStatus> ready = new ArrayDeque<>();
    private final Map<String, Boolean> asked = new HashMap<>();
    private String lastGiven;
    private @Nullable String token;
    private boolean ended;

    S3Listing(S3Requests requests, AtomicLong skipped, String path, String prefix, String startAfter)
            throws TarnException {
        this.requests = requests;
        this.skipped = skipped;
        this.path = path;
        this.prefix = prefix;
        this.lastGiven = startAfter;
        fetch(startAfter.isEmpty() ? "" : prefix + startAfter);
    }

    @Override
    public boolean hasNext() {
        try {
            while (ready.isEmpty() && !ended) {
                fetch("");
            }
        } catch (TarnException e) {
            throw new UncheckedIOException(e);
        }
        return !ready.isEmpty();
    }

    @Override
    public StoreStatus next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.removeFirst();
    }

    private void fetch(String startAfter) throws TarnException {
        ListObjectsV2Response page = requests.page(path, prefix, false, startAfter, token, S3Requests.PAGE_KEYS);
        String last = "";
        boolean lastIsDirectory = false;
        for (S3Object object : page.contents()) {
            String name = object.key().substring(prefix.length());
            addFile(name, object);
            last = name;
        }
        for (CommonPrefix directory : page.commonPrefixes()) {
            String below = directory.prefix().substring(prefix.length());
            String name = below.endsWith("/") ? below.substring(0, below.length() - 1) : below;
            addDirectory(name);
            if (Utf8Order.INSTANCE.compare(below, last) > 0) {
                last = name;
                lastIsDirectory = true;
            }
        }
        token = page.nextContinuationToken();
        ended = !Boolean.TRUE.equals(page.isTruncated()) || token == null;
        release(last, lastIsDirectory);
    }

    private void addFile(String name, S3Object object) {
        if (name.isEmpty() || Utf8Order.INSTANCE.compare(name, lastGiven) <= 0) {
            return;
        }
        if (!S3Keys.isPath(name) || isDirectory(held.get(name))) {
            skipped.incrementAndGet();
            return;
        }
        held.put(
                name,
                StoreStatus.file(
                        StorePaths.child(path, name),
                        object.size(),
                        S3Requests.millis(object.lastModified()),
                        S3Requests.versionTag(object.eTag())));
    }

    private void addDirectory(String name) {
        // One that was asked about and given early arrives once more.
        if (!name.isEmpty() && Utf8Order.INSTANCE.compare(name, lastGiven) <= 0) {
            return;
        }
        if (!S3Keys.isPath(name)) {
            skipped.incrementAndGet();
            return;
        }
        StoreStatus hidden = held.put(name, StoreStatus.directory(StorePaths.child(path, name), 0));
        if (hidden != null && !hidden.directory()) {
            skipped.incrementAndGet();
        }
    }

    /** Makes ready what no directory that is still to come can precede or hide. */
    private void release(String last, boolean lastIsDirectory) throws TarnException {
        asked.keySet().removeIf(name -> !last.startsWith(name));
        String open = ended ? null : firstOpen(last, lastIsDirectory);
        while (open != null && held.headMap(open, false).isEmpty()) {
            boolean exists = requests.anyBelow(path, prefix + open + "/");
            asked.put(open, exists);
            if (exists) {
                addDirectory(open);
            }
            open = firstOpen(last, lastIsDirectory);
        }
        Map<String, StoreStatus> settled = open == null ? held : held.headMap(open, false);
        ready.addAll(settled.values());
        settled.clear();
        StoreStatus latest = ready.peekLast();
        if (latest != null) {
            lastGiven = latest.name();
        }
    }

    /** The first name of a directory that may still come and belongs before or in place of what is held; null = none. */
    private @Nullable String firstOpen(String last, boolean lastIsDirectory) {
        for (int length = 1; length <= last.length(); length++) {
            boolean could = length == last.length() ? !lastIsDirectory : last.charAt(length) < '/';
            String name = could ? last.substring(0, length) : "";
            boolean open = could
                    && !asked.containsKey(name)
                    && Utf8Order.INSTANCE.compare(name, lastGiven) > 0
                    && !isDirectory(held.get(name));
            if (open) {
                return name;
            }
        }
        return null;
    }

    private static boolean isDirectory(@Nullable StoreStatus status) {
        return status != null && status.directory();
    }
}
