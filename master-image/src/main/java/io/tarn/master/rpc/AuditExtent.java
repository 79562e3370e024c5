package io.tarn.master.rpc;

/** Which calls of clients the audit log has. */
public enum AuditExtent {
    OFF,
    /** Those that change something, or try to. */
    CHANGES,
    ALL
}
