package io.tarn.client;

/**
 * @param blockSizeBytes 0 = the cluster's default
 * @param durable the bytes go to a disk of the worker, where there is one, and are on stable storage when the file is closed
 */
public record CreateOptions(
        WriteType writeType, boolean overwrite, boolean createParents, int mode, long blockSizeBytes, boolean durable) {
    public static final CreateOptions DEFAULT = new CreateOptions(WriteType.DEFAULT, false, true, 0644, 0, false);

    public CreateOptions withOverwrite(boolean newOverwrite) {
        return new CreateOptions(writeType, newOverwrite, createParents, mode, blockSizeBytes, durable);
    }

    public CreateOptions withWriteType(WriteType newWriteType) {
        return new CreateOptions(newWriteType, overwrite, createParents, mode, blockSizeBytes, durable);
    }

    public CreateOptions withDurable(boolean newDurable) {
        return new CreateOptions(writeType, overwrite, createParents, mode, blockSizeBytes, newDurable);
    }
}
