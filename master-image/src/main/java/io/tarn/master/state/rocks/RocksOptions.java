package io.tarn.master.state.rocks;

import java.util.ArrayList;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.WriteOptions;

/** RocksDB's settings, which are native objects: they live as long as the database and are closed after it. Not thread-safe to close. */
final class RocksOptions implements AutoCloseable {
    private static final double BLOOM_BITS_PER_KEY = 10;
    private static final double MEMTABLE_BLOOM_RATIO = 0.02;
    private static final int BLOCK_BYTES = 8 << 10;
    private static final long MAX_LOG_BYTES = 4 << 20;

    private final List<AutoCloseable> owned = new ArrayList<>();
    private final DBOptions database;
    private final ColumnFamilyOptions columnFamily;
    private final WriteOptions write;
    private final FlushOptions flush;

    RocksOptions(StateConfig config) {
        // One thread writes at a time, under the store's lock: nothing in the memtable has to be atomic.
        // Atomic flush: with the log off, only a flush of all tables at once leaves a state that has existed.
        database = own(new DBOptions())
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setAtomicFlush(true)
                .setAllowConcurrentMemtableWrite(false)
                .setDbWriteBufferSize(config.writeBuffer().bytes())
                .setMaxOpenFiles(config.openFiles())
                .setMaxBackgroundJobs(2)
                .setParanoidChecks(true)
                .setStatsDumpPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(MAX_LOG_BYTES)
                .setKeepLogFileNum(2);
        Cache blocks = own(new LRUCache(config.blockCache().bytes()));
        // Indexes and filters are charged to the block cache, or their memory would have no bound.
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(blocks)
                .setBlockSize(BLOCK_BYTES)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFilterPolicy(own(new BloomFilter(BLOOM_BITS_PER_KEY)))
                .setWholeKeyFiltering(true)
                .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash);
        columnFamily = own(new ColumnFamilyOptions())
                .setTableFormatConfig(table)
                .setWriteBufferSize(config.writeBuffer().bytes())
                .setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM_RATIO)
                .setMemtableWholeKeyFiltering(true)
                .setCompressionType(CompressionType.LZ4_COMPRESSION);
        write = own(new WriteOptions()).setDisableWAL(true).setNoSlowdown(true);
        flush = own(new FlushOptions()).setWaitForFlush(true);
    }

    DBOptions database() {
        return database;
    }

    ColumnFamilyOptions columnFamily() {
        return columnFamily;
    }

    WriteOptions write() {
        return write;
    }

    FlushOptions flush() {
        return flush;
    }

    private <T extends AutoCloseable> T own(T option) {
        owned.addFirst(option);
        return option;
    }

    @Override
    public void close() {
        for (AutoCloseable option : owned) {
            try {
                option.close();
            } catch (Exception e) {
                throw new IllegalStateException("native options close without an error", e);
            }
        }
    }
}
