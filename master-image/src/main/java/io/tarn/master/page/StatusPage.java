package io.tarn.master.page;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.tarn.master.rpc.RpcConfig;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.GrpcErrors;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.v1.AdminServiceGrpc;
import io.tarn.protocol.v1.CacheFigures;
import io.tarn.protocol.v1.GetClusterInfoRequest;
import io.tarn.protocol.v1.GetClusterInfoResponse;
import io.tarn.protocol.v1.ListMastersRequest;
import io.tarn.protocol.v1.MasterInfo;
import io.tarn.protocol.v1.Mount;
import io.tarn.protocol.v1.MountFigures;
import io.tarn.protocol.v1.PersistFigures;
import io.tarn.protocol.v1.TierUsage;
import io.tarn.protocol.v1.WorkerInfo;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The cluster at a glance, as one HTML page that asks for nothing else and changes nothing. Its facts are those of this master's own calls, so a standby says that it is one. Safe for
 * many threads.
 */
public final class StatusPage implements Supplier<String>, AutoCloseable {
    private static final long DEADLINE_SECONDS = 3;
    private static final String HEAD = """
            <!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=5>
            <meta name=viewport content="width=device-width"><title>Tarn</title><style>
            :root{color-scheme:light dark;--line:#8884;--good:#2a9d6f;--bad:#d1495b}
            body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
            h1{margin:0;font-size:1.7rem}h2{margin:2rem 0 .5rem;font-size:1.1rem}
            p{margin:.2rem 0;opacity:.8}table{border-collapse:collapse;width:100%}
            th,td{text-align:left;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line)}th{font-weight:600;opacity:.7}
            .bar{display:inline-block;width:9rem;height:.6rem;border-radius:.3rem;background:var(--line);overflow:hidden}
            .bar span{display:block;height:100%;background:var(--good)}.good{color:var(--good)}.bad{color:var(--bad)}
            </style>
            """;

    private final ManagedChannel channel;
    private final InstantSource clock;

    /** @param port of this master's calls */
    public StatusPage(RpcConfig config, int port, InstantSource clock) {
        String host = config.bindHost().equals("0.0.0.0") ? "localhost" : config.bindHost();
        this.channel = NettyChannelBuilder.forAddress(host, port).usePlaintext().build();
        this.clock = clock;
    }

    @Override
    public String get() {
        var calls = AdminServiceGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
        try {
            GetClusterInfoResponse cluster = calls.getClusterInfo(GetClusterInfoRequest.getDefaultInstance());
            return HEAD + page(cluster, masters(calls));
        } catch (StatusRuntimeException e) {
            TarnException failure = GrpcErrors.decode(e);
            String what = failure.code() == ErrorCode.NOT_LEADER
                    ? "This master stands by: "
                    : "This master does not answer now: ";
            return HEAD + "<h1>Tarn</h1><p>" + what + Html.text(String.valueOf(failure.getMessage()));
        }
    }

    private static @Nullable List<MasterInfo> masters(AdminServiceGrpc.AdminServiceBlockingStub calls) {
        try {
            return calls.listMasters(ListMastersRequest.getDefaultInstance()).getMastersList();
        } catch (StatusRuntimeException e) {
            return null;
        }
    }

    private String page(GetClusterInfoResponse cluster, @Nullable List<MasterInfo> masters) {
        return "<h1>Tarn</h1><p>cluster " + Html.text(cluster.getClusterId()) + " · release "
                + Html.text(cluster.getVersion()) + " · this leader began "
                + Html.age(clock.millis() - cluster.getStartedMillis()) + " ago<p>"
                + Html.count(cluster.getOwnedInodes()) + " files and directories of its own, "
                + Html.count(cluster.getMirroredEntries()) + " known of stores"
                + waiting(cluster.getPersists())
                + "<h2>Workers</h2>" + workers(cluster.getWorkersList())
                + "<h2>Mounts</h2>" + mounts(cluster.getMountsList(), cluster.getWorkersList())
                + "<h2>Masters</h2>"
                + (masters == null ? "<p>not known at the moment" : masters(masters));
    }

    private String waiting(PersistFigures persists) {
        String failing = persists.getFailingFiles() == 0
                ? ""
                : "<p class=bad>" + Html.count(persists.getFailingFiles()) + " of them fail: "
                        + Html.text(persists.getFailure());
        return persists.getWaitingFiles() == 0
                ? "<p class=good>everything that is to be in a store is there"
                : "<p>" + Html.count(persists.getWaitingFiles()) + " files (" + Html.bytes(persists.getWaitingBytes())
                        + ") are not in their stores yet, the oldest since "
                        + Html.age(clock.millis() - persists.getOldestMillis())
                        + failing;
    }

    private String workers(List<WorkerInfo> workers) {
        List<List<String>> rows = new ArrayList<>();
        for (WorkerInfo worker : workers) {
            CacheFigures figures = worker.getFigures();
            StringBuilder tiers = new StringBuilder();
            for (TierUsage tier : worker.getTiersList()) {
                tiers.append(tiers.isEmpty() ? "" : "<br>")
                        .append(Html.bar(tier.getUsedBytes(), tier.getCapacityBytes()))
                        .append(' ')
                        .append(Html.text(tier.getTier()));
            }
            rows.add(List.of(
                    Html.text(worker.getAddress().getHost() + ":"
                            + worker.getAddress().getDataPort()),
                    worker.getAlive()
                            ? "<span class=good>up</span>" + leaving(worker)
                            : "<span class=bad>silent for " + Html.age(clock.millis() - worker.getLastHeartbeatMillis())
                                    + "</span>",
                    tiers.toString(),
                    Html.count(worker.getCachedFiles()),
                    Html.share(figures.getHitBytes(), figures.getHitBytes() + figures.getMissBytes()),
                    Html.bytes(figures.getUnderStoreReadBytes())));
        }
        return rows.isEmpty()
                ? "<p class=bad>no worker has registered: start one"
                : Html.table(List.of("worker", "", "cache", "files", "hits", "read from stores"), rows);
    }

    private static String leaving(WorkerInfo worker) {
        if (!worker.getLeaving()) {
            return "";
        }
        return worker.getDrained() ? ", may be stopped" : ", leaving";
    }

    private static String mounts(List<Mount> mounts, List<WorkerInfo> workers) {
        return mounts.isEmpty()
                ? "<p>none: see tarn mount --help"
                : Html.table(
                        List.of("path", "store", "", "hits", "read from the store"),
                        mounts.stream().map(mount -> row(mount, workers)).toList());
    }

    private static List<String> row(Mount mount, List<WorkerInfo> workers) {
        List<CacheFigures> figures = workers.stream()
                .flatMap(worker -> worker.getMountsList().stream())
                .filter(each -> each.getMountPath().equals(mount.getPath()))
                .map(MountFigures::getFigures)
                .toList();
        long hits = figures.stream().mapToLong(CacheFigures::getHitBytes).sum();
        long misses = figures.stream().mapToLong(CacheFigures::getMissBytes).sum();
        return List.of(
                Html.text(mount.getPath()),
                Html.text(mount.getStoreUri()),
                mount.getOptions().getReadOnly() ? "read-only" : "",
                Html.share(hits, hits + misses),
                Html.bytes(figures.stream()
                        .mapToLong(CacheFigures::getUnderStoreReadBytes)
                        .sum()));
    }

    private static String masters(List<MasterInfo> masters) {
        long newest =
                masters.stream().mapToLong(MasterInfo::getAppliedSequence).max().orElse(0);
        return Html.table(
                List.of("master", "", "batches behind", "release"),
                masters.stream()
                        .map(master -> List.of(
                                Html.text(master.getAddress()),
                                state(master),
                                master.getAnswers() ? Html.count(newest - master.getAppliedSequence()) : "",
                                Html.text(master.getVersion())))
                        .toList());
    }

    private static String state(MasterInfo master) {
        if (!master.getProblem().isEmpty()) {
            return "<span class=bad>" + Html.text(master.getProblem()) + "</span>";
        }
        if (!master.getAnswers()) {
            return "<span class=bad>does not answer</span>";
        }
        return master.getLeads() ? "<b class=good>leads</b>" : "<span class=good>stands by</span>";
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
