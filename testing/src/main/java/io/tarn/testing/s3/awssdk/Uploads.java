package io.tarn.testing.s3.awssdk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.SdkResponses;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/** Multipart uploads that are neither completed nor aborted; they do not outlive the server. Thread-safe. */
final class Uploads {
    private static final int NOT_FOUND = 404;

    private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

    private record Upload(
            String bucket, String key, Instant started, ConcurrentSkipListMap<Integer, UploadedPart> parts) {}

    private record UploadedPart(Path file, ObjectFiles.Written written, Instant modified) {}

    String start(String bucket, String key) {
        String id = UUID.randomUUID().toString();
        uploads.put(id, new Upload(bucket, key, Instant.now(), new ConcurrentSkipListMap<>()));
        return id;
    }

    /** Writes one part, in the place of an earlier one of that number. @return its entity tag */
    String add(String id, int number, Path file, InputStream content) throws IOException {
        Upload upload = get(id);
        ObjectFiles.Written written = ObjectFiles.write(file, content);
        UploadedPart replaced = upload.parts().put(number, new UploadedPart(file, written, Instant.now()));
        if (replaced != null) {
            Files.deleteIfExists(replaced.file());
        }
        return written.eTag();
    }

    /** What completing an upload makes. */
    record Joined(long lengthBytes, String eTag) {}

    Joined join(String id, List<CompletedPart> wanted, Path target) throws IOException {
        Upload upload = get(id);
        List<Path> files = new ArrayList<>();
        List<byte[]> digests = new ArrayList<>();
        for (CompletedPart part : wanted) {
            UploadedPart uploaded = upload.parts().get(part.partNumber());
            if (uploaded == null || !sameTag(part.eTag(), uploaded.written().eTag())) {
                throw S3Exceptions.invalidArgument("part " + part.partNumber() + " was not uploaded with that ETag");
            }
            files.add(uploaded.file());
            digests.add(uploaded.written().digest());
        }
        return new Joined(ObjectFiles.join(target, files), ObjectFiles.joinedTag(digests));
    }

    void forget(String id) throws IOException {
        Upload upload = uploads.remove(id);
        if (upload != null) {
            for (UploadedPart part : upload.parts().values()) {
                Files.deleteIfExists(part.file());
            }
        }
    }

    List<Part> parts(String id) {
        List<Part> parts = new ArrayList<>();
        get(id).parts()
                .forEach((number, part) -> parts.add(SdkResponses.part(
                        number, part.written().lengthBytes(), part.written().eTag(), part.modified())));
        return parts;
    }

    List<MultipartUpload> of(String bucket) {
        List<MultipartUpload> found = new ArrayList<>();
        uploads.forEach((id, upload) -> {
            if (upload.bucket().equals(bucket)) {
                found.add(SdkResponses.upload(upload.key(), id, upload.started()));
            }
        });
        return found;
    }

    private Upload get(String id) {
        Upload upload = uploads.get(id);
        if (upload == null) {
            throw S3Exceptions.fromStatusCode(NOT_FOUND, "NoSuchUpload", Map.of(), null);
        }
        return upload;
    }

    private static boolean sameTag(String left, String right) {
        return left.replace("\"", "").equals(right.replace("\"", ""));
    }
}
