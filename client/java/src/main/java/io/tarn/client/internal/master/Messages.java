package io.tarn.client.internal.master;

import com.google.protobuf.ByteString;
import io.tarn.client.AttributeChange;
import io.tarn.client.CacheQuota;
import io.tarn.client.ClusterInfo;
import io.tarn.client.FileInfo;
import io.tarn.client.HealthFinding;
import io.tarn.client.MasterState;
import io.tarn.client.MountInfo;
import io.tarn.client.MountSettings;
import io.tarn.client.QuotaInfo;
import io.tarn.client.WritePolicy;
import io.tarn.client.WriteType;
import io.tarn.protocol.id.FileVersion;
import io.tarn.protocol.v1.CacheFigures;
import io.tarn.protocol.v1.DirectoryQuota;
import io.tarn.protocol.v1.FileStatus;
import io.tarn.protocol.v1.Finding;
import io.tarn.protocol.v1.GetClusterInfoResponse;
import io.tarn.protocol.v1.MasterInfo;
import io.tarn.protocol.v1.Mount;
import io.tarn.protocol.v1.MountOptions;
import io.tarn.protocol.v1.Persistence;
import io.tarn.protocol.v1.SetAttributesRequest;
import io.tarn.protocol.v1.TierUsage;
import io.tarn.protocol.v1.WorkerInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Between the API's values and the protocol's messages. */
final class Messages {
    private Messages() {}

    static QuotaInfo quota(DirectoryQuota quota) {
        return new QuotaInfo(
                quota.getPath(),
                quota.hasMaxInodes() ? quota.getMaxInodes() : QuotaInfo.NONE,
                quota.hasMaxBytes() ? quota.getMaxBytes() : QuotaInfo.NONE,
                quota.hasUsedInodes() ? quota.getUsedInodes() : QuotaInfo.NONE,
                quota.hasUsedBytes() ? quota.getUsedBytes() : QuotaInfo.NONE);
    }

    static FileInfo file(FileStatus status, @Nullable String storeUri) {
        boolean backed = status.hasBacking();
        return new FileInfo(
                status.getPath(),
                status.getId(),
                type(status),
                status.getLengthBytes(),
                status.getModifiedMillis(),
                status.getAccessedMillis(),
                status.getOwner(),
                status.getGroup(),
                status.getMode(),
                status.getBlockSizeBytes(),
                status.hasVersion() ? FileVersion.of(status.getVersion()).toString() : "",
                status.getComplete(),
                status.getPersistence() == Persistence.PERSISTED,
                status.getMountPoint(),
                backed ? storeUri : null,
                backed && !status.getBacking().getVersionTag().isEmpty()
                        ? status.getBacking().getVersionTag()
                        : null,
                status.getLinkTarget().isEmpty() ? null : status.getLinkTarget(),
                attributes(status));
    }

    private static Map<String, byte[]> attributes(FileStatus status) {
        if (status.getExtendedAttributesCount() == 0) {
            return Map.of();
        }
        Map<String, byte[]> attributes = new HashMap<>();
        status.getExtendedAttributesMap().forEach((name, value) -> attributes.put(name, value.toByteArray()));
        return attributes;
    }

    private static FileInfo.Type type(FileStatus status) {
        return switch (status.getType()) {
            case DIRECTORY -> FileInfo.Type.DIRECTORY;
            case SYMLINK -> FileInfo.Type.SYMLINK;
            case FILE, FILE_TYPE_UNSPECIFIED, UNRECOGNIZED -> FileInfo.Type.FILE;
        };
    }

    static io.tarn.protocol.v1.WriteType writeType(WriteType type) {
        return switch (type) {
            case DEFAULT -> io.tarn.protocol.v1.WriteType.WRITE_TYPE_DEFAULT;
            case MUST_CACHE -> io.tarn.protocol.v1.WriteType.MUST_CACHE;
            case CACHE_THROUGH -> io.tarn.protocol.v1.WriteType.CACHE_THROUGH;
            case THROUGH -> io.tarn.protocol.v1.WriteType.THROUGH;
            case ASYNC_THROUGH -> io.tarn.protocol.v1.WriteType.ASYNC_THROUGH;
        };
    }

    static io.tarn.protocol.v1.WritePolicy writePolicy(WritePolicy policy) {
        return switch (policy.kind()) {
            case LOCAL_FIRST -> io.tarn.protocol.v1.WritePolicy.LOCAL_FIRST;
            case MOST_AVAILABLE_FIRST -> io.tarn.protocol.v1.WritePolicy.MOST_AVAILABLE_FIRST;
            case ROUND_ROBIN -> io.tarn.protocol.v1.WritePolicy.ROUND_ROBIN;
            case SPECIFIC_HOST -> io.tarn.protocol.v1.WritePolicy.SPECIFIC_HOST;
        };
    }

    private static WriteType writeType(io.tarn.protocol.v1.WriteType type) {
        return switch (type) {
            case WRITE_TYPE_DEFAULT, UNRECOGNIZED -> WriteType.DEFAULT;
            case MUST_CACHE -> WriteType.MUST_CACHE;
            case CACHE_THROUGH -> WriteType.CACHE_THROUGH;
            case THROUGH -> WriteType.THROUGH;
            case ASYNC_THROUGH -> WriteType.ASYNC_THROUGH;
        };
    }

    static SetAttributesRequest.Builder attributes(AttributeChange change) {
        SetAttributesRequest.Builder request = SetAttributesRequest.newBuilder()
                .setRecursive(change.recursive())
                .addAllRemoveExtendedAttributes(change.removeExtendedAttributes());
        if (change.owner() != null) {
            request.setOwner(change.owner());
        }
        if (change.group() != null) {
            request.setGroup(change.group());
        }
        if (change.mode() != null) {
            request.setMode(change.mode());
        }
        if (change.modifiedMillis() != null) {
            request.setModifiedMillis(change.modifiedMillis());
        }
        if (change.accessedMillis() != null) {
            request.setAccessedMillis(change.accessedMillis());
        }
        change.setExtendedAttributes()
                .forEach((name, value) -> request.putSetExtendedAttributes(name, ByteString.copyFrom(value)));
        return request;
    }

    static MountOptions mountOptions(MountSettings settings) {
        Duration interval = settings.syncInterval();
        return MountOptions.newBuilder()
                .setReadOnly(settings.readOnly())
                .setSyncIntervalMillis(interval == null ? -1 : interval.toMillis())
                .putAllProperties(settings.properties())
                .putAllCredentials(settings.credentials())
                .setReadBytesPerSecond(settings.readBytesPerSecond())
                .setWriteBytesPerSecond(settings.writeBytesPerSecond())
                .setRequestsPerSecond(settings.requestsPerSecond())
                .setWriteType(writeType(settings.writeType()))
                .setCacheGuaranteeBytes(settings.cacheQuota().guaranteeBytes())
                .setCacheLimitBytes(settings.cacheQuota().limitBytes())
                .setCachePriority(settings.cacheQuota().priority())
                .build();
    }

    static MountInfo mount(Mount mount) {
        MountOptions options = mount.getOptions();
        long interval = options.getSyncIntervalMillis();
        return new MountInfo(
                mount.getId(),
                mount.getPath(),
                mount.getStoreUri(),
                new MountSettings(
                        options.getReadOnly(),
                        interval < 0 ? null : Duration.ofMillis(interval),
                        Map.copyOf(options.getPropertiesMap()),
                        Map.of(),
                        options.getReadBytesPerSecond(),
                        options.getWriteBytesPerSecond(),
                        options.getRequestsPerSecond(),
                        writeType(options.getWriteType()),
                        cacheQuota(options)));
    }

    private static CacheQuota cacheQuota(MountOptions options) {
        int priority = options.getCachePriority();
        return new CacheQuota(
                options.getCacheGuaranteeBytes(),
                options.getCacheLimitBytes(),
                priority == 0 ? CacheQuota.DEFAULT_PRIORITY : priority);
    }

    static ClusterInfo cluster(GetClusterInfoResponse answer) {
        return new ClusterInfo(
                answer.getClusterId(),
                answer.getVersion(),
                answer.getEpoch(),
                answer.getStartedMillis(),
                answer.getOwnedInodes(),
                answer.getMirroredEntries(),
                answer.getJournalSequence(),
                answer.getJournalBytes(),
                answer.getWorkersList().stream().map(Messages::worker).toList(),
                answer.getMountsList().stream().map(Messages::mount).toList(),
                new ClusterInfo.Persists(
                        answer.getPersists().getWaitingFiles(),
                        answer.getPersists().getWaitingBytes(),
                        answer.getPersists().getOldestMillis(),
                        answer.getPersists().getFailingFiles(),
                        answer.getPersists().getFailure()));
    }

    static MasterState master(MasterInfo info) {
        return new MasterState(
                info.getAddress(),
                info.getLeads(),
                info.getAnswers(),
                info.getAppliedSequence(),
                info.getDurableSequence(),
                info.getVersion(),
                info.getProblem());
    }

    static HealthFinding finding(Finding finding) {
        return new HealthFinding(finding.getCheck(), finding.getFound(), finding.getAdvice(), finding.getFailing());
    }

    private static ClusterInfo.Worker worker(WorkerInfo info) {
        List<ClusterInfo.Tier> tiers =
                info.getTiersList().stream().map(Messages::tier).toList();
        return new ClusterInfo.Worker(
                Long.toHexString(info.getAddress().getWorkerId()),
                info.getAddress().getHost(),
                info.getAddress().getDataPort(),
                info.getAlive(),
                info.getLastHeartbeatMillis(),
                tiers,
                figures(info.getFigures()),
                info.getCachedFiles(),
                info.getLeaving(),
                info.getDrained(),
                Map.copyOf(info.getAddress().getLabelsMap()));
    }

    private static ClusterInfo.Tier tier(TierUsage usage) {
        return new ClusterInfo.Tier(
                usage.getTier(), usage.getCapacityBytes(), usage.getUsedBytes(), usage.getPinnedBytes());
    }

    /** Named as in the protocol, in camel case ("hitBytes"), in its order. */
    private static Map<String, Long> figures(CacheFigures figures) {
        Map<String, Long> named = new LinkedHashMap<>();
        CacheFigures.getDescriptor()
                .getFields()
                .forEach(field -> named.put(field.getJsonName(), (Long) figures.getField(field)));
        return named;
    }
}
