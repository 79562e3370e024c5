package io.tarn.testing.s3;

/**
 * What an S3 server has served: requests by operation, and object payload bytes as handed to the network (out) or read from it (in). Immutable.
 *
 * @param getRequests GET of an object, of a range of one too
 * @param headRequests HEAD of an object or a bucket
 * @param putRequests PUT of an object, a part or a copy, and the start and completion of a multipart upload
 * @param listRequests GET of a bucket: listings, and questions about the bucket itself
 * @param deleteRequests DELETE, and POST of a list of keys to delete
 * @param objectBytesOut payload of successful GETs of objects; error documents and headers are not counted
 * @param objectBytesIn payload of PUTs of objects and parts, as framed by the client
 */
public record S3Counts(
        long getRequests,
        long headRequests,
        long putRequests,
        long listRequests,
        long deleteRequests,
        long objectBytesOut,
        long objectBytesIn) {

    public long requests() {
        return getRequests + headRequests + putRequests + listRequests + deleteRequests;
    }

    /** What was served since {@code earlier}, a snapshot of the same server. */
    public S3Counts since(S3Counts earlier) {
        return new S3Counts(
                getRequests - earlier.getRequests,
                headRequests - earlier.headRequests,
                putRequests - earlier.putRequests,
                listRequests - earlier.listRequests,
                deleteRequests - earlier.deleteRequests,
                objectBytesOut - earlier.objectBytesOut,
                objectBytesIn - earlier.objectBytesIn);
    }

    public S3Counts plus(S3Counts more) {
        return new S3Counts(
                getRequests + more.getRequests,
                headRequests + more.headRequests,
                putRequests + more.putRequests,
                listRequests + more.listRequests,
                deleteRequests + more.deleteRequests,
                objectBytesOut + more.objectBytesOut,
                objectBytesIn + more.objectBytesIn);
    }

    /** One line of {@code name=value} pairs, the form in which {@link S3ServerMain} answers. */
    public String toLine() {
        return "get=%d head=%d put=%d list=%d delete=%d bytesOut=%d bytesIn=%d"
                .formatted(
                        getRequests,
                        headRequests,
                        putRequests,
                        listRequests,
                        deleteRequests,
                        objectBytesOut,
                        objectBytesIn);
    }

    /**
     * Reads what {@link #toLine} wrote.
     *
     * @throws IllegalArgumentException if the line is not of that form
     */
    public static S3Counts parse(String line) {
        String[] pairs = line.strip().split(" ", -1);
        if (pairs.length != 7) {
            throw new IllegalArgumentException("Not a line of S3 counters: " + line);
        }
        long[] values = new long[pairs.length];
        for (int index = 0; index < pairs.length; index++) {
            values[index] = Long.parseLong(pairs[index].substring(pairs[index].indexOf('=') + 1));
        }
        return new S3Counts(values[0], values[1], values[2], values[3], values[4], values[5], values[6]);
    }
}
