package doppio.data;

import doppio.internal.AtomicFile;
import doppio.internal.FileAccess;
import doppio.internal.OtherFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;

/**
 * Fetches files whose MD5 sums are known into a folder.
 *
 * <p>A file that is there and right is left alone, so a download that was broken off goes on with
 * the next file. What arrives has a temporary name until its sum is checked. A connection that
 * fails, an answer that breaks off or has another sum and a server in trouble are tried again.
 */
final class Download {
  private static final URI MNIST_MIRROR =
      URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/");
  private static final URI FASHION_MNIST_MIRROR =
      URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/");

  private static final int ATTEMPTS = 3;
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final int TIMEOUT_MILLIS = 30_000;

  /** More than twice the largest file: an answer without end does not fill the disk. */
  private static final int MAX_BYTES = 1 << 26;

  private static final int CHUNK = 1 << 16;

  private final URI mirror;
  private final Duration pause;
  private final List<Item> items;

  /**
   * A file to fetch.
   *
   * @param name its name at the mirror and in the folder
   * @param md5 the MD5 sum of its bytes, 32 lower-case hexadecimal digits
   */
  record Item(String name, String md5) {}

  /** An answer that will be the same next time. */
  private static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String message) {
      super(message);
    }
  }

  /**
   * A download from elsewhere.
   *
   * @param mirror the address of the folder that holds the files, with a slash at the end
   * @param pause the time before the second attempt; twice as long before the third
   */
  Download(URI mirror, Duration pause, Item... items) {
    this.mirror = mirror;
    this.pause = pause;
    this.items = List.of(items);
  }

  /** MNIST, from the mirror and with the sums that torchvision has. */
  static Download mnist() {
    return new Download(
        MNIST_MIRROR,
        PAUSE,
        new Item("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        new Item("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432"),
        new Item("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3"),
        new Item("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c"));
  }

  /** Fashion-MNIST, from the mirror and with the sums that torchvision has. */
  static Download fashionMnist() {
    return new Download(
        FASHION_MNIST_MIRROR,
        PAUSE,
        new Item("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
        new Item("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
        new Item("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
        new Item("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"));
  }

  /**
   * Fetches what is missing or wrong.
   *
   * @param folder made if it does not exist
   * @throws IOException if a file cannot be fetched or written; the message names its address, its
   *     place and the cause. Files fetched before it stay.
   */
  void into(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Item item : items) {
      Path file = folder.resolve(item.name);
      if (!Files.isRegularFile(file) || !md5(file).equals(item.md5)) {
        fetch(item, file);
      }
    }
  }

  private void fetch(Item item, Path file) throws IOException {
    URI address = mirror.resolve(item.name);
    for (int attempt = 1; ; attempt++) {
      try {
        AtomicFile.write(file, channel -> copy(address, item, channel));
        return;
      } catch (FileSystemException | ClosedByInterruptException e) {
        throw e;
      } catch (IOException e) {
        if (attempt == ATTEMPTS || e instanceof RefusedException) {
          throw new IOException(
              "cannot download " + address + " to " + file + ": " + reason(e, address), e);
        }
      }
      sleep(pause.multipliedBy(attempt));
    }
  }

  private static void copy(URI address, Item item, WritableByteChannel to) throws IOException {
    URLConnection connection = address.toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    if (connection instanceof HttpURLConnection http) {
      checkStatus(http.getResponseCode());
    }
    MessageDigest digest = md5();
    long size = 0;
    try (InputStream in = connection.getInputStream()) {
      byte[] chunk = new byte[CHUNK];
      for (int n = read(in, chunk); n >= 0; n = read(in, chunk)) {
        size += n;
        if (size > MAX_BYTES) {
          throw new RefusedException("the answer has more than " + MAX_BYTES + " bytes");
        }
        digest.update(chunk, 0, n);
        ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, n);
        while (bytes.hasRemaining()) {
          to.write(bytes);
        }
      }
    }
    long announced = connection.getContentLengthLong();
    if (announced >= 0 && size != announced) {
      throw new IOException("expected " + announced + " bytes but the answer ends after " + size);
    }
    String found = OtherFormat.hex(digest.digest(), "");
    if (!found.equals(item.md5)) {
      throw new IOException(
          "expected the MD5 sum " + item.md5 + " but the " + size + " bytes have " + found);
    }
  }

  /** Takes an answer that breaks off for one that ends: its length or its sum will tell. */
  private static int read(InputStream in, byte[] chunk) throws IOException {
    try {
      return in.read(chunk);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      return -1;
    }
  }

  private static void checkStatus(int status) throws IOException {
    if (status == HttpURLConnection.HTTP_OK) {
      return;
    }
    String message = "the server answers with status " + status;
    if (status == HttpURLConnection.HTTP_CLIENT_TIMEOUT || status == 429 || status >= 500) {
      throw new IOException(message);
    }
    throw new RefusedException(message);
  }

  private static String reason(IOException e, URI address) {
    String offline = "; is this machine offline? Files put there by hand do as well";
    if (e instanceof UnknownHostException) {
      return "the host " + address.getHost() + " is not found" + offline;
    }
    if (e instanceof ConnectException) {
      return "no connection to " + address.getAuthority() + offline;
    }
    if (e instanceof SocketTimeoutException) {
      return "no answer in " + TIMEOUT_MILLIS / 1000 + " seconds" + offline;
    }
    return e.getMessage();
  }

  private static void sleep(Duration time) throws IOException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted between two attempts to download");
    }
  }

  private static String md5(Path file) throws IOException {
    MessageDigest digest = md5();
    try (InputStream in = FileAccess.stream(file)) {
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
      }
    }
    return OtherFormat.hex(digest.digest(), "");
  }

  /** Against accidents only: MD5 is what the mirrors' files are known by. */
  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
