package io.tarn.master;

import io.tarn.master.page.StatusPage;
import io.tarn.master.record.RecordCodec;
import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.release.Release;
import io.tarn.runtime.http.HealthChecks;
import io.tarn.runtime.http.MonitoringServer;
import io.tarn.runtime.lifecycle.Lifecycle;
import io.tarn.runtime.metrics.ProcessMetrics;
import io.tarn.runtime.process.ServerProcess;
import io.tarn.understore.UnderStores;
import io.tarn.understore.UploadLog;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of several masters as a process of its own. */
public final class MasterMain {
    private static final Logger LOG = LoggerFactory.getLogger(MasterMain.class);

    private static final int CANNOT_GO_ON = 1;

    private MasterMain() {}

    /** @param arguments as {@link ServerProcess} takes them */
    public static void main(String[] arguments) {
        ServerProcess.run(arguments, MasterSettings.class, MasterSettings::log, MasterMain::start);
    }

    private static void start(Lifecycle parts, MasterSettings settings) throws TarnException {
        if (!settings.master().etcd().isUsed()) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "master.etcd.endpoints is empty: name etcd's members, or run \"tarn standalone\" for a cache of one machine");
        }
        ProcessMetrics metrics = parts.add("metrics", new ProcessMetrics());
        Holder member = new Holder();
        HealthChecks health = new HealthChecks();
        health.addReady("master", member::notReady);
        MonitoringServer monitoring =
                parts.add("monitoring", MonitoringServer.start(settings.monitoring(), metrics::scrape, health));
        UploadLog uploads =
                parts.add("upload log", UploadLog.open(settings.master().directory()));
        String address = address(settings.master());
        member.set(parts.add(
                "member",
                Member.start(
                        settings.master(),
                        address,
                        UnderStores.load(uploads),
                        metrics.registry(),
                        InstantSource.system(),
                        new RecordCodec(),
                        MasterMain::end)));
        monitoring.show(parts.add(
                "status page",
                new StatusPage(settings.master().rpc(), settings.master().rpc().port(), InstantSource.system())));
        LOG.info("Tarn {} master at {} takes part", Release.version(), address);
    }

    /** In a thread of its own: the end of the process waits for that of the member. */
    private static void end(String what, Throwable cause) {
        LOG.error("This master takes part no more, since it cannot {}: {}", what, cause.getMessage());
        Thread.ofPlatform().name("tarn-end").start(() -> System.exit(CANNOT_GO_ON));
    }

    private static String address(MasterConfig config) throws TarnException {
        String configured = config.election().address();
        if (!configured.isEmpty()) {
            return configured;
        }
        try {
            return InetAddress.getLocalHost().getHostName() + ":" + config.rpc().port();
        } catch (UnknownHostException e) {
            throw new TarnException(
                    ErrorCode.INVALID_ARGUMENT,
                    "this machine's host name is not known: set master.election.address to host:port of this master",
                    e);
        }
    }

    /** The member, once it is there; a standby is ready too. */
    private static final class Holder {
        private volatile @Nullable Member member;

        void set(Member started) {
            member = started;
        }

        Optional<String> notReady() {
            Member started = member;
            return started == null ? Optional.of("starting") : started.problem();
        }
    }
}
