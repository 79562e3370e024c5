package io.tarn.understore.s3;

import io.tarn.protocol.error.TarnException;
import io.tarn.understore.StoreStatus;
import io.tarn.understore.Utf8Order;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * All files below a prefix, from a flat listing, a page at a time. An object is held back until a key after {@code object/} shows that no directory
 * hides it; a marker until the next key shows whether its directory is empty. Used by one thread at a time.
 */
final class S3RecursiveListing implements Iterator<StoreStatus> {
    private final S3Requests requests;
    private final AtomicLong skipped;
    private final String path;
    private final S3Keys keys;
    private final String prefix;
    private final Deque<StoreStatus> ready = new ArrayDeque<>();
    private final List<StoreStatus> held = new ArrayList<>();
    private @Nullable String token;
    private boolean ended;

    S3RecursiveListing(S3Requests requests, AtomicLong skipped, S3Keys keys, String path) throws TarnException {
        this.requests = requests;
        this.skipped = skipped;
        this.path = path;
        this.keys = keys;
        this.prefix = keys.directory(path);
        fetch();
    }

    @Override
    public boolean hasNext() {
        try {
            while (ready.isEmpty() && !ended) {
                fetch();
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

    private void fetch() throws TarnException {
        ListObjectsV2Response page = requests.page(path, prefix, true, "", token, S3Requests.PAGE_KEYS);
        for (S3Object object : page.contents()) {
            if (!object.key().equals(prefix)) {
                add(keys.path(object.key()), object);
            }
        }
        token = page.nextContinuationToken();
        ended = !Boolean.TRUE.equals(page.isTruncated()) || token == null;
        if (ended) {
            ready.addAll(held);
            held.clear();
        }
    }

    private void add(String key, S3Object object) {
        settle(key);
        boolean marker = key.endsWith("/");
        String file = marker ? key.substring(0, key.length() - 1) : key;
        if (!S3Keys.isPath(file)) {
            skipped.incrementAndGet();
        } else if (marker) {
            held.add(StoreStatus.directory(file, S3Requests.millis(object.lastModified())));
        } else {
            held.add(StoreStatus.file(
                    file,
                    object.size(),
                    S3Requests.millis(object.lastModified()),
                    S3Requests.versionTag(object.eTag())));
        }
    }

    /** Decides about what is held, now that {@code key} is known to come next. */
    private void settle(String key) {
        Iterator<StoreStatus> each = held.iterator();
        while (each.hasNext()) {
            StoreStatus status = each.next();
            String below = status.path() + "/";
            if (key.startsWith(below)) {
                if (!status.directory()) {
                    skipped.incrementAndGet();
                }
                each.remove();
            } else if (Utf8Order.INSTANCE.compare(key, below) > 0) {
                ready.add(status);
                each.remove();
            }
        }
    }
}
