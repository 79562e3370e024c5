package io.tarn.master.simulation;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.testing.simulation.SimulatedProcess;
import io.tarn.testing.understore.StoreCall;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What is made to fail. */
enum FaultKind {
    LEADER_KILLED {
        @Override
        @Nullable
        Runnable begin(SimulatedCluster cluster) {
            return kill(cluster.leader());
        }
    },
    MASTER_KILLED {
        @Override
        @Nullable
        Runnable begin(SimulatedCluster cluster) {
            return kill(any(cluster.masters(), cluster));
        }
    },
    ALL_MASTERS_KILLED {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            cluster.masters().forEach(SimulatedMaster::kill);
            return () -> cluster.masters().forEach(FaultKind::startAgain);
        }
    },
    MASTER_RESTARTED {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            any(cluster.masters(), cluster).restart();
            return () -> {};
        }
    },
    LEADER_STANDS_STILL {
        @Override
        @Nullable
        Runnable begin(SimulatedCluster cluster) {
            SimulatedMaster leader = cluster.leader();
            return leader == null ? null : pause(leader.process());
        }
    },
    MASTER_STANDS_STILL {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            return pause(any(cluster.masters(), cluster).process());
        }
    },
    LEADER_CUT_FROM_ETCD {
        @Override
        @Nullable
        Runnable begin(SimulatedCluster cluster) {
            SimulatedMaster leader = cluster.leader();
            return leader == null ? null : cut(cluster, leader.address(), "etcd");
        }
    },
    MASTER_CUT_FROM_ETCD {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            return cut(cluster, any(cluster.masters(), cluster).address(), "etcd");
        }
    },
    MASTER_CUT_FROM_WORKER {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            return cut(
                    cluster,
                    any(cluster.masters(), cluster).address(),
                    any(cluster.workers(), cluster).name());
        }
    },
    LEADERSHIP_TRANSFERRED {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            SimulatedProcess operator = new SimulatedProcess(cluster.simulation(), "operator");
            operator.start("transfer", () -> {
                try {
                    new SimulatedClient(cluster, operator, 1_000).transferLeadership();
                } catch (TarnException e) {
                    // nobody leads, or nobody else is well
                }
            });
            return () -> {};
        }
    },
    CLOCK_OF_MASTER_JUMPS {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            return jump(any(cluster.masters(), cluster).process(), cluster);
        }
    },
    CLOCK_OF_WORKER_JUMPS {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            return jump(any(cluster.workers(), cluster).process(), cluster);
        }
    },
    ETCD_STANDS_STILL {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            cluster.etcd().stop();
            return cluster.etcd()::goOn;
        }
    },
    ETCD_FULL {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            cluster.etcd().setFull(true);
            return () -> cluster.etcd().setFull(false);
        }
    },
    WATCHES_BREAK {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            cluster.etcd().breakWatches();
            return () -> {};
        }
    },
    ETCD_COMPACTED {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            cluster.etcd().compact();
            cluster.etcd().breakWatches();
            return () -> {};
        }
    },
    MESSAGES_LOST {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            cluster.network().disturb(0.1, 0.05);
            return () -> cluster.network().disturb(0, 0.01);
        }
    },
    MESSAGES_LATE {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            cluster.network().disturb(0, 0.5);
            return () -> cluster.network().disturb(0, 0.01);
        }
    },
    WORKER_KILLED {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            SimulatedWorker worker = any(cluster.workers(), cluster);
            worker.kill();
            return () -> startAgain(worker);
        }
    },
    WORKER_STANDS_STILL {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            return pause(any(cluster.workers(), cluster).process());
        }
    },
    /** Only where everything else is on two others: more than one loss at once is not promised to be survived. */
    WORKER_LOST {
        @Override
        @Nullable
        Runnable begin(SimulatedCluster cluster) {
            if (cluster.invariants().fewestCopies() < SimulatedCluster.COPIES || cluster.writing() > 0) {
                return null;
            }
            SimulatedWorker worker = any(cluster.workers(), cluster);
            worker.wipe();
            cluster.invariants().fewestCopies();
            return () -> startAgain(worker);
        }
    },
    STORE_FAILS {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            cluster.anyStore()
                    .faults()
                    .fail(StoreCall.COMMIT, 1, new TarnException(ErrorCode.STORE_UNAVAILABLE, "the store is away"));
            return () -> {};
        }
    },
    ANSWER_OF_STORE_LOST {
        @Override
        Runnable begin(SimulatedCluster cluster) {
            cluster.anyStore().faults().loseCommitAnswers(1);
            return () -> {};
        }
    };

    /** @return what ends it; null where it cannot be now */
    abstract @Nullable Runnable begin(SimulatedCluster cluster);

    private static <T> T any(List<T> all, SimulatedCluster cluster) {
        return all.get(cluster.simulation().random().nextInt(all.size()));
    }

    private static @Nullable Runnable kill(@Nullable SimulatedMaster master) {
        if (master == null) {
            return null;
        }
        master.kill();
        return () -> startAgain(master);
    }

    static void startAgain(SimulatedMaster master) {
        if (!master.process().isAlive()) {
            master.start();
        }
    }

    static void startAgain(SimulatedWorker worker) {
        if (!worker.process().isAlive()) {
            worker.start();
        }
    }

    private static Runnable pause(SimulatedProcess process) {
        process.pause();
        return process::resume;
    }

    private static Runnable cut(SimulatedCluster cluster, String one, String other) {
        cluster.network().cut(one, other);
        return () -> cluster.network().mend(one, other);
    }

    private static Runnable jump(SimulatedProcess process, SimulatedCluster cluster) {
        Random random = cluster.simulation().random();
        process.jump((random.nextBoolean() ? 1 : -1) * (1 + random.nextLong(3_600_000)));
        return () -> {};
    }
}
