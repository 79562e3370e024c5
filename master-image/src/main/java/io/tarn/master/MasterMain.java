package io.tarn.master;

import io.tarn.protocol.error.ErrorCode;
import io.tarn.protocol.error.TarnException;
import io.tarn.protocol.release.Release;
import io.tarn.runtime.config.ConfigException;
import io.tarn.runtime.config.ConfigLoader;
import io.tarn.runtime.http.HealthChecks;
import io.tarn.runtime.http.MonitoringServer;
import io.tarn.runtime.lifecycle.Lifecycle;
import io.tarn.runtime.log.Logging;
import io.tarn.runtime.metrics.ProcessMetrics;
import io.tarn.understore.UnderStores;
import io.tarn.understore.UploadLog;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of several masters as a process: {@code MasterMain [FILE]}, a properties file with settings, over which variables of the environment go. Ends with status 2
 * for wrong settings, 1 where it cannot start.
 */
public final class MasterMain {
    private static final Logger LOG = LoggerFactory.getLogger(MasterMain.class);
    private static final int USAGE = 2;

    private MasterMain() {}

    public static void main(String[] arguments) {
        try {
            MasterSettings settings = ConfigLoader.fromProcess(arguments.length == 0 ? null : Path.of(arguments[0]))
                    .withEnvironment(System.getenv())
                    .load(MasterSettings.class);
            Logging.configure(settings.log());
            Lifecycle parts = new Lifecycle();
            Runtime.getRuntime().addShutdownHook(new Thread(parts::close, "tarn-stop"));
            start(parts, settings);
        } catch (ConfigException e) {
            e.problems().forEach(problem -> System.err.println("tarn master: " + problem));
            Runtime.getRuntime().halt(USAGE);
        } catch (TarnException e) {
            System.err.println("tarn master: " + e.getMessage());
            Runtime.getRuntime().exit(1);
        }
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
                        InstantSource.system())));
        LOG.info("Tarn {} master at {} takes part", Release.version(), address);
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
