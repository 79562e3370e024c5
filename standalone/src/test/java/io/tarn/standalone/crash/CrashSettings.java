package io.tarn.standalone.crash;

import java.nio.file.Path;

/**
 * How a crash test runs.
 *
 * @param directory an empty one, for all that the process and the stores keep; what is there after a failure helps to understand it
 * @param memory directory of the MEM tier
 * @param kills how often the process is killed
 * @param clients how many work at the same time
 * @param loadMillis the longest time between two kills
 * @param killsPerStoreCheck how many kills lie between two looks at what the stores hold
 */
record CrashSettings(
        Path directory, Path memory, long seed, int kills, int clients, int loadMillis, int killsPerStoreCheck) {}
