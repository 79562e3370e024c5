/** The journal that several masters share, in etcd. Starting point: {@link io.tarn.master.journal.etcd.EtcdJournal}; docs/design/etcd.md has the transactions. */
@NullMarked
package io.tarn.master.journal.etcd;

import org.jspecify.annotations.NullMarked;
