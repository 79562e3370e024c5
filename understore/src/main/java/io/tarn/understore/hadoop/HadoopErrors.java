package io.tarn.understore.hadoop;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.InvalidPathException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.hdfs.protocol.QuotaExceededException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.security.KerberosAuthException;

/** Turns what Hadoop throws into codes and into messages that say what to check. Immutable. */
record HadoopErrors(String uri, HadoopScheme scheme) {
    String describe(String path) {
        return path.isEmpty() ? uri : uri + "/" + path;
    }

    TarnException failure(String path, Throwable thrown) {
        Throwable cause = thrown instanceof RemoteException remote ? remote.unwrapRemoteException() : thrown;
        if (cause instanceof TarnException known) {
            return known;
        }
        String message = String.valueOf(cause.getMessage());
        return switch (cause) {
            case FileNotFoundException e -> failure(ErrorCode.STORE_NOT_FOUND, path, "does not exist", e);
            case ParentNotDirectoryException e -> failure(ErrorCode.NOT_A_DIRECTORY, path, "lies below a file", e);
            case FileAlreadyExistsException e -> failure(ErrorCode.ALREADY_EXISTS, path, "exists already", e);
            case PathIsNotEmptyDirectoryException e -> failure(ErrorCode.DIRECTORY_NOT_EMPTY, path, "is not empty", e);
            case InvalidPathException e ->
                failure(ErrorCode.INVALID_ARGUMENT, path, "this store cannot hold such a name", e);
            case QuotaExceededException e -> failure(ErrorCode.NO_SPACE, path, "a quota is used up: " + first(e), e);
            case UnsupportedFileSystemException e -> failure(ErrorCode.UNSUPPORTED, path, scheme.missing(), e);
            case KerberosAuthException e ->
                failure(
                        ErrorCode.STORE_DENIED,
                        path,
                        "Kerberos login failed; check kerberos-principal and kerberos-keytab: " + first(e),
                        e);
            case AccessControlException e -> denied(path, message, e);
            default -> other(path, message, cause);
        };
    }

    private TarnException denied(String path, String message, Throwable cause) {
        if (message.contains("ot a directory")) {
            return failure(ErrorCode.NOT_A_DIRECTORY, path, "lies below a file", cause);
        }
        if (message.contains("SIMPLE authentication is not enabled")) {
            return failure(
                    ErrorCode.STORE_DENIED,
                    path,
                    "the store wants Kerberos; give kerberos-principal and kerberos-keytab",
                    cause);
        }
        return failure(
                ErrorCode.STORE_DENIED,
                path,
                "access is denied; check property \"user\" and the permissions: " + first(cause),
                cause);
    }

    private TarnException other(String path, String message, Throwable cause) {
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("gss initiate failed") || lower.contains("client cannot authenticate via")) {
            return failure(
                    ErrorCode.STORE_DENIED,
                    path,
                    "Kerberos refused; give kerberos-principal and kerberos-keytab, and check the realm's settings",
                    cause);
        }
        if (lower.contains("no space left") || lower.contains("quota exceeded")) {
            return failure(ErrorCode.NO_SPACE, path, first(cause), cause);
        }
        if (cause instanceof ClassNotFoundException || message.contains("ClassNotFoundException")) {
            return failure(ErrorCode.UNSUPPORTED, path, scheme.missing() + " (" + first(cause) + ")", cause);
        }
        if (cause instanceof IOException || lower.contains("unknownhostexception")) {
            return failure(
                    ErrorCode.STORE_UNAVAILABLE,
                    path,
                    first(cause) + "; check that the store runs and that its address is right",
                    cause);
        }
        return failure(ErrorCode.INTERNAL, path, String.valueOf(cause), cause);
    }

    TarnException unknown(String path, Throwable cause) {
        return failure(
                ErrorCode.OUTCOME_UNKNOWN,
                path,
                "the store may have taken the file, or may not: " + first(cause),
                cause);
    }

    TarnException changed(String path, String how) {
        return failure(ErrorCode.STORE_CHANGED, path, "changed in the store: " + how + "; open it again", null);
    }

    TarnException failure(ErrorCode code, String path, String why, @org.jspecify.annotations.Nullable Throwable cause) {
        return new TarnException(code, describe(path) + ": " + why, cause);
    }

    /** Hadoop's messages have whole stack traces in their later lines. */
    private static String first(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
