package io.tarn.testing.understore;

/** The operations of an under store, for counting and for choosing what fails. */
public enum StoreCall {
    CHECK_ACCESS,
    STATUS,
    LIST,
    LIST_RECURSIVE,
    READ,
    CREATE,
    WRITE,
    COMMIT,
    CREATE_DIRECTORY,
    DELETE_FILE,
    DELETE_DIRECTORY,
    RENAME,
    COPY_FILE,
    SET_ATTRIBUTES
}
