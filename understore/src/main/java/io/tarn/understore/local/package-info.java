/**
 * Directories of the machine as an under store: local disks, and NFS, GlusterFS, CephFS or any other file system that is mounted at the same path on
 * every node.
 */
@NullMarked
package io.tarn.understore.local;

import org.jspecify.annotations.NullMarked;
