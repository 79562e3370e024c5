package io.tarn.cli;

import io.tarn.cli.output.BrokenPipeException;
import io.tarn.cli.output.JsonText;
import io.tarn.cli.output.Printable;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.TypeConversionException;

/** Tells the user of failures: one line "tarn: what; what to do", without a stack trace unless asked. */
final class Failures {
    private Failures() {}

    /** Writes the failure to the console's error stream and gives the exit status for it. */
    static int report(Exception failure, CommandContext context) {
        if (failure instanceof BrokenPipeException) {
            return ExitCode.BROKEN_PIPE.status();
        }
        TarnException named = named(failure);
        String message = Printable.line(withAdvice(named));
        context.console().out().flush();
        if (context.wantsJson()) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("error", named.code().name());
            error.put("message", message);
            context.console().err().println(JsonText.of(error));
        } else {
            context.console().err().println("tarn: " + message);
        }
        if (context.verbose()) {
            failure.printStackTrace(context.console().err());
        }
        return ExitCode.of(named.code()).status();
    }

    private static TarnException named(Exception failure) {
        if (failure instanceof TarnException named) {
            return named;
        }
        String text = String.valueOf(failure.getMessage());
        if (failure instanceof TypeConversionException) {
            return new TarnException(ErrorCode.INVALID_ARGUMENT, text);
        } else if (failure instanceof NoSuchFileException) {
            return new TarnException(ErrorCode.NOT_FOUND, "local file " + text + " does not exist; check the path");
        } else if (failure instanceof AccessDeniedException) {
            return new TarnException(
                    ErrorCode.PERMISSION_DENIED, "local file " + text + " is not accessible; check its permissions");
        } else if (failure instanceof FileAlreadyExistsException) {
            return new TarnException(
                    ErrorCode.ALREADY_EXISTS, "local file " + text + " exists; use --force to replace it");
        } else if (failure instanceof NotDirectoryException) {
            return new TarnException(ErrorCode.NOT_A_DIRECTORY, "local path " + text + " is no directory");
        } else if (failure instanceof DirectoryNotEmptyException) {
            return new TarnException(
                    ErrorCode.IS_A_DIRECTORY, "local path " + text + " is a directory that is not empty");
        } else if (failure instanceof FileSystemLoopException) {
            return new TarnException(
                    ErrorCode.INVALID_ARGUMENT, "local path " + text + " is a link to a directory that holds it");
        } else if (failure instanceof IOException) {
            return new TarnException(ErrorCode.INTERNAL, text.isBlank() ? failure.toString() : text);
        }
        return new TarnException(
                ErrorCode.INTERNAL, "unexpected " + failure + "; run it again with --verbose and report what it shows");
    }

    /** What to do, where the message does not say so itself. */
    private static String withAdvice(TarnException failure) {
        String message = String.valueOf(failure.getMessage());
        if (message.contains("; ")) {
            return message;
        }
        String advice = switch (failure.code()) {
            case NOT_FOUND -> "check the path with \"tarn fs ls\" on its directory";
            case ALREADY_EXISTS -> "choose another name, or replace it with --force";
            case NOT_A_DIRECTORY -> "name a directory";
            case IS_A_DIRECTORY -> "name a file, or use --recursive";
            case DIRECTORY_NOT_EMPTY -> "use --recursive to remove all below it";
            case PERMISSION_DENIED -> "act as another user with --user, or change the mode with \"tarn fs chmod\"";
            case READ_ONLY -> "mount the store without --read-only to write";
            case CROSS_MOUNT -> "copy with \"tarn fs cp\", then remove the source";
            case NO_STORE -> "mount a store there first, or choose --write-type MUST_CACHE";
            case LEASE_CONFLICT -> "wait until its writer is done";
            case STORE_CHANGED -> "run \"tarn sync\" on it and try again";
            case STORE_DENIED -> "check the credentials of the mount";
            case STORE_UNAVAILABLE -> "check the endpoint of the mount and the network";
            case STORE_NOT_FOUND -> "check the bucket and path of the store";
            case NO_SPACE -> "free some with \"tarn free\", or enlarge a tier";
            case UNAVAILABLE, NOT_LEADER, TIMEOUT, BUSY -> "try again in a moment";
            default -> "run \"tarn --help\" for what is possible";
        };
        return message + "; " + advice;
    }
}
