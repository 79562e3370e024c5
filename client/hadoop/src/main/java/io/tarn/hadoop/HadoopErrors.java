package io.tarn.hadoop;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.hadoop.fs.ClusterStorageCapacityExceededException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.PathIOException;
import org.apache.hadoop.fs.PathIsDirectoryException;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.security.AccessControlException;

/** Tarn's failures as the exceptions that Hadoop's programs look for. */
final class HadoopErrors {
    private HadoopErrors() {}

    static IOException of(String path, TarnException failure) {
        String message = path + ": " + failure.getMessage();
        return switch (failure.code()) {
            case NOT_FOUND, STORE_NOT_FOUND -> because(new FileNotFoundException(message), failure);
            case ALREADY_EXISTS -> because(new FileAlreadyExistsException(message), failure);
            case NOT_A_DIRECTORY -> because(new ParentNotDirectoryException(message), failure);
            case IS_A_DIRECTORY -> because(new PathIsDirectoryException(path), failure);
            case DIRECTORY_NOT_EMPTY -> because(new PathIsNotEmptyDirectoryException(path), failure);
            case PERMISSION_DENIED, UNAUTHENTICATED, READ_ONLY, STORE_DENIED ->
                because(new AccessControlException(message), failure);
            case QUOTA_EXCEEDED -> because(new ClusterStorageCapacityExceededException(message), failure);
            case TIMEOUT ->
                Thread.currentThread().isInterrupted()
                        ? because(new InterruptedIOException(message), failure)
                        : new PathIOException(path, failure.code().name(), failure);
            default -> new PathIOException(path, failure.code().name(), failure);
        };
    }

    /** For calls that look something up: what lies below a file does not exist. */
    static IOException whenLooking(String path, TarnException failure) {
        return failure.code() == ErrorCode.NOT_A_DIRECTORY
                ? because(new FileNotFoundException(path + ": " + failure.getMessage()), failure)
                : of(path, failure);
    }

    private static IOException because(IOException exception, TarnException cause) {
        exception.initCause(cause);
        return exception;
    }
}
