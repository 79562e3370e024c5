package io.tarn.benchmarks.system;

import io.tarn.benchmarks.raw.SdkReads;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Puts large objects of noise into a bucket. */
final class S3Objects {
    private static final int PART_BYTES = 16 * Lab.MEBIBYTE;

    private S3Objects() {}

    static void write(SdkReads sdk, String key, long lengthBytes) {
        S3Client client = sdk.client();
        String upload = client.createMultipartUpload(
                        create -> create.bucket(Lab.BUCKET).key(key))
                .uploadId();
        byte[] part = part();
        List<CompletedPart> parts = new ArrayList<>();
        for (long written = 0; written < lengthBytes; written += part.length) {
            int number = parts.size() + 1;
            ByteBuffer body = ByteBuffer.wrap(part, 0, (int) Math.min(part.length, lengthBytes - written));
            String tag = client.uploadPart(
                            request -> request.bucket(Lab.BUCKET)
                                    .key(key)
                                    .uploadId(upload)
                                    .partNumber(number),
                            RequestBody.fromByteBuffer(body))
                    .eTag();
            parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
        }
        client.completeMultipartUpload(complete ->
                complete.bucket(Lab.BUCKET).key(key).uploadId(upload).multipartUpload(all -> all.parts(parts)));
    }

    private static byte[] part() {
        byte[] part = new byte[PART_BYTES];
        ByteBuffer noise = Lab.noise();
        for (int offset = 0; offset < part.length; offset += noise.capacity()) {
            noise.clear().get(part, offset, noise.capacity());
        }
        return part;
    }
}
