package io.tarn.client;

/** @param blockSizeBytes 0 = the cluster's default */
public record CreateOptions(
        WriteType writeType, boolean overwrite, boolean createParents, int mode, long blockSizeBytes) {
    public static final CreateOptions DEFAULT = new CreateOptions(WriteType.DEFAULT, false, true, 0644, 0);

    public CreateOptions withOverwrite(boolean newOverwrite) {
        return new CreateOptions(writeType, newOverwrite, createParents, mode, blockSizeBytes);
    }

    public CreateOptions withWriteType(WriteType newWriteType) {
        return new CreateOptions(newWriteType, overwrite, createParents, mode, blockSizeBytes);
    }
}
