package io.tarn.understore;

import io.tarn.protocol.error.TarnException;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * One mounted place in a storage system: a bucket and prefix, a directory, an HDFS path. This Javadoc is the specification; the contract suite
 * checks every adapter against it.
 *
 * <p>Paths are relative to the mount's root, without a leading or trailing "/", with names as the namespace allows them; "" is the root itself.
 * What the store holds under names that the namespace cannot have (empty segments, "." and "..", names over 255 bytes, NUL, invalid Unicode)
 * is skipped in listings, counted ({@link #skippedNames()}) and never a failure.
 *
 * <p>A store with no real directories (an object store) shows as a directory every prefix that some key lies under, and every marker key that ends
 * in "/"; a marker is never listed as a file. Where a key {@code a} stands beside keys {@code a/b}, the directory wins: {@code a} shows as a
 * directory, and the object {@code a} is skipped and counted. The root always exists as a directory once {@link #checkAccess} has passed.
 *
 * <p>All methods block and may be called by many threads (virtual ones too). All may throw {@link TarnException} with STORE_UNAVAILABLE (a retry may
 * succeed; the adapter has retried for a bounded time already), STORE_DENIED, STORE_NOT_FOUND, or BUSY (throttled). Messages name the
 * store and path, and never a credential.
 *
 * <p>Only {@link StoreWriter#commit} promises that a failure has changed nothing. After any other call that changes the store and fails, it may have
 * happened, wholly or, where it is about more than one file or directory, in part: callers look, or do it again. Each can be done again.
 */
public interface UnderStore extends AutoCloseable {
    /** For messages: the store's URI without credentials. */
    String uri();

    Capabilities capabilities();

    /**
     * Tries the credentials and that the root exists.
     *
     * @throws TarnException STORE_NOT_FOUND (no such bucket or directory), STORE_DENIED, STORE_UNAVAILABLE; the message says what to check
     */
    void checkAccess() throws TarnException;

    /** What is at {@code path} now, or empty. */
    Optional<StoreStatus> status(String path) throws TarnException;

    /**
     * The direct children of a directory in the order of their names' UTF-8 bytes, fetched in pages as the iterator advances; never held whole. The
     * iterator may throw {@link java.io.UncheckedIOException} around a {@link TarnException}. A path that does not exist gives an empty listing or
     * STORE_NOT_FOUND.
     *
     * @param startAfter only names after this one; "" for all
     */
    Iterator<StoreStatus> list(String path, String startAfter) throws TarnException;

    /**
     * All files below a directory, at any depth, in no given order, as cheaply as the store can (flat for object stores). Directories are given
     * only where they are empty or have attributes of their own.
     */
    Iterator<StoreStatus> listRecursive(String path) throws TarnException;

    /**
     * Streams exactly {@code lengthBytes} bytes at {@code offset} of exactly the version {@code versionTag} into {@code sink}, in order.
     *
     * @param versionTag as a {@link StoreStatus} gave it
     * @throws TarnException STORE_CHANGED where the file is another version now or gone; then no byte of another version has reached the sink
     *     <em>as complete</em>: the adapter verifies before (conditional request) or before and after (no such thing), and the caller keeps
     *     nothing of a call that failed, except that with {@link Capabilities#conditionalReads} the bytes that came before the failure are of this version
     * @throws java.io.UncheckedIOException never; what the sink throws is passed on
     */
    void read(String path, String versionTag, long offset, long lengthBytes, ByteSink sink) throws TarnException;

    /**
     * Starts to write a whole file. Nothing shows under {@code path} before {@link StoreWriter#commit}; an existing file is then replaced atomically.
     * Parent directories are made where the store needs them, unless the options say otherwise.
     */
    StoreWriter create(String path, CreateOptions options) throws TarnException;

    /** Makes a directory and its parents (an object store writes a marker). An existing directory is no error; an existing file is ALREADY_EXISTS. */
    void createDirectory(String path) throws TarnException;

    /**
     * Deletes one file.
     *
     * @param versionTag delete only this version; "" = whatever is there
     * @return false where there was no such file
     * @throws TarnException STORE_CHANGED where another version is there
     */
    boolean deleteFile(String path, String versionTag) throws TarnException;

    /**
     * Deletes a directory, with all below it if {@code recursive}.
     *
     * @return false where there was no such directory
     * @throws TarnException DIRECTORY_NOT_EMPTY
     */
    boolean deleteDirectory(String path, boolean recursive) throws TarnException;

    /**
     * Renames a file or directory, atomically, replacing an existing file. Only where {@link Capabilities#atomicRename}. The file, and all files below the
     * directory, keep their version tags.
     *
     * @throws TarnException UNSUPPORTED, STORE_NOT_FOUND, DIRECTORY_NOT_EMPTY
     */
    void rename(String source, String target) throws TarnException;

    /**
     * Copies one file within the store, without the bytes passing through here where the store can do that.
     *
     * @param versionTag of the source
     * @return the copy's status
     */
    StoreStatus copyFile(String source, String versionTag, String target) throws TarnException;

    /** Sets what the store can keep of owner, group, mode and modification time; what it cannot is ignored (see {@link Capabilities}). */
    void setAttributes(String path, StoreAttributes attributes) throws TarnException;

    /**
     * Removes what an upload left whose process has ended. What is gone already is no error.
     *
     * @param upload as this adapter noted it in the {@link UploadLog}
     */
    default void removeUnfinished(String upload) throws TarnException {}

    /** Bytes and requests since the start, by kind ("get", "put", "list", "head", "delete", "copy"). */
    Map<String, StoreFigures> figures();

    /** How many entries listings have skipped because the namespace cannot name them. */
    long skippedNames();

    /** Aborts uploads of this process that are still open and frees connections. */
    @Override
    void close();

    /** Takes bytes in order. The buffer is valid during the call only. */
    interface ByteSink {
        void accept(java.nio.ByteBuffer bytes) throws TarnException;
    }
}
