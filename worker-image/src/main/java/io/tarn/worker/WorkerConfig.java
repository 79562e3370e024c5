package io.tarn.worker;

import io.tarn.worker.fill.FillSettings;
import io.tarn.worker.page.TierSettings;
import io.tarn.worker.persist.PersistSettings;
import io.tarn.worker.registration.RegistrationSettings;
import io.tarn.worker.scrub.ScrubSettings;
import io.tarn.worker.server.ServerSettings;

/** The settings of a worker, by part. */
public record WorkerConfig(
        TierSettings tiers,
        FillSettings fill,
        PersistSettings persist,
        ServerSettings server,
        ScrubSettings scrub,
        RegistrationSettings registration) {}
