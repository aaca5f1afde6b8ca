package doppio.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a server in this process. */
class DownloadTest {
  private static final Download.Item HELLO =
      new Download.Item("hello", "5d41402abc4b2a76b9719d911017c592");
  private static final Download.Item WORLD =
      new Download.Item("world", "7d793037a0760186574b0282f2f435e7");

  @TempDir Path folder;

  private final Queue<Answer> troubles = new ConcurrentLinkedQueue<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private URI mirror;

  /** Answers a request in another way than with the file. */
  @FunctionalInterface
  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String host = server.getAddress().getAddress().getHostAddress();
    mirror = URI.create("http://" + host + ":" + server.getAddress().getPort() + "/files/");
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** Every file holds its own name. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String name = exchange.getRequestURI().getPath().replace("/files/", "");
      requests.add(name);
      Answer trouble = troubles.poll();
      if (trouble == null) {
        send(exchange, 200, name);
      } else {
        trouble.to(exchange);
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Announces the whole file, and sends only its beginning. */
  private static void sendHalf(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 5);
    exchange.getResponseBody().write("he".getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
  }

  private void download() throws IOException {
    new Download(mirror, Duration.ZERO, HELLO, WORLD).into(folder);
  }

  private String failure() {
    return "cannot download " + mirror + "hello to " + folder.resolve("hello") + ": ";
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void fetchesFilesIntoANewFolder() throws IOException {
    folder = folder.resolve("new").resolve("folder");
    download();
    assertThat(files()).containsExactly("hello", "world");
    assertThat(folder.resolve("hello")).hasContent("hello");
    assertThat(folder.resolve("world")).hasContent("world");
  }

  @Test
  void anAnswerNeedNotAnnounceItsLength() throws IOException {
    troubles.add(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("hello".getBytes(StandardCharsets.UTF_8));
        });
    download();
    assertThat(folder.resolve("hello")).hasContent("hello");
    assertThat(requests).containsExactly("hello", "world");
  }

  @Test
  void aMirrorMayBeAFolder() throws IOException {
    Path there = Files.createDirectory(folder.resolve("there"));
    Files.writeString(there.resolve("hello"), "hello");
    Path here = folder.resolve("here");
    new Download(there.toUri(), Duration.ZERO, HELLO).into(here);
    assertThat(here.resolve("hello")).hasContent("hello");
  }

  @Test
  void leavesFilesAloneThatAreRight() throws IOException {
    Files.writeString(folder.resolve("hello"), "hello");
    download();
    assertThat(requests).containsExactly("world");
    download();
    assertThat(requests).containsExactly("world");
  }

  @Test
  void replacesAFileThatIsHalfThere() throws IOException {
    Files.writeString(folder.resolve("world"), "wor");
    download();
    assertThat(requests).containsExactly("hello", "world");
    assertThat(folder.resolve("world")).hasContent("world");
  }

  @Test
  void triesADamagedAnswerAgain() throws IOException {
    troubles.add(exchange -> send(exchange, 200, "jello"));
    troubles.add(DownloadTest::sendHalf);
    download();
    assertThat(requests).containsExactly("hello", "hello", "hello", "world");
    assertThat(folder.resolve("hello")).hasContent("hello");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 503})
  void triesAgainWhereTheServerIsInTrouble(int status) throws IOException {
    troubles.add(exchange -> send(exchange, status, "later"));
    download();
    assertThat(requests).containsExactly("hello", "hello", "world");
    assertThat(folder.resolve("hello")).hasContent("hello");
  }

  @Test
  void refusesAnAnswerThatStaysDamaged() throws IOException {
    Files.writeString(folder.resolve("hello"), "old");
    for (int i = 0; i < 3; i++) {
      troubles.add(exchange -> send(exchange, 200, "jello"));
    }
    assertThatThrownBy(this::download)
        .isInstanceOf(IOException.class)
        .hasMessage(
            failure()
                + "expected the MD5 sum 5d41402abc4b2a76b9719d911017c592"
                + " but the 5 bytes have 7aa6991a62353dd2761280cf592542dc");
    assertThat(requests).containsExactly("hello", "hello", "hello");
    assertThat(files()).containsExactly("hello");
    assertThat(folder.resolve("hello")).hasContent("old");
  }

  @Test
  void refusesAnAnswerThatBreaksOff() throws IOException {
    for (int i = 0; i < 3; i++) {
      troubles.add(DownloadTest::sendHalf);
    }
    assertThatThrownBy(this::download)
        .isInstanceOf(IOException.class)
        .hasMessage(failure() + "expected 5 bytes but the answer ends after 2");
    assertThat(requests).hasSize(3);
    assertThat(files()).isEmpty();
  }

  @Test
  void refusesAnAnswerThatGoesOnAndOn() throws IOException {
    troubles.add(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] chunk = new byte[1 << 20];
          for (int i = 0; i <= 64; i++) {
            exchange.getResponseBody().write(chunk);
          }
        });
    assertThatThrownBy(this::download)
        .isInstanceOf(IOException.class)
        .hasMessage(failure() + "the answer has more than 67108864 bytes");
    assertThat(requests).containsExactly("hello");
    assertThat(files()).isEmpty();
  }

  @Test
  void asksOnceForAFileThatIsNotThere() throws IOException {
    troubles.add(exchange -> send(exchange, 404, "no"));
    assertThatThrownBy(this::download)
        .isInstanceOf(IOException.class)
        .hasMessage(failure() + "the server answers with status 404");
    assertThat(requests).containsExactly("hello");
    assertThat(files()).isEmpty();
  }

  @Test
  void keepsWhatCameBeforeAFailure() throws IOException {
    troubles.add(exchange -> send(exchange, 200, "hello"));
    troubles.add(exchange -> send(exchange, 404, "no"));
    assertThatThrownBy(this::download).isInstanceOf(IOException.class);
    download();
    assertThat(requests).containsExactly("hello", "world", "world");
  }

  @Test
  void saysWhereThereIsNoConnection() {
    server.stop(0);
    assertThatThrownBy(this::download)
        .isInstanceOf(IOException.class)
        .hasMessage(
            failure()
                + "no connection to "
                + mirror.getAuthority()
                + "; is this machine offline? Files put there by hand do as well");
  }

  @Test
  void refusesAFolderInAFilesPlace() throws IOException {
    Path hello = Files.createDirectory(folder.resolve("hello"));
    assertThatThrownBy(this::download)
        .isInstanceOf(FileSystemException.class)
        .hasMessage(hello + ": expected a file but found a folder");
    assertThat(requests).isEmpty();
  }

  @Test
  void asksNobodyWhereTheFolderIsAFile() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> Mnist.download(file))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(file.toString());
    assertThatThrownBy(() -> Mnist.downloadFashion(file))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(file.toString());
  }

  @Test
  void endsWhereTheThreadIsInterrupted() throws IOException {
    Thread thread = Thread.currentThread();
    troubles.add(
        exchange -> {
          send(exchange, 503, "later");
          thread.interrupt();
        });
    Download slow = new Download(mirror, Duration.ofDays(1), HELLO);
    assertThatThrownBy(() -> slow.into(folder))
        .isInstanceOf(InterruptedIOException.class)
        .hasMessage("interrupted between two attempts to download");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(files()).isEmpty();
  }
}
