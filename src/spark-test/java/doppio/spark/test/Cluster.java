package doppio.spark.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Starts Spark from Maven's jars alone, small, and without a page to look at. */
public final class Cluster implements AutoCloseable {
  /** Two executors of one core, each a process of its own. */
  public static final String TWO_PROCESSES = "local-cluster[2,1,1024]";

  private final SparkSession session;

  private Cluster(SparkSession session) {
    this.session = session;
  }

  /** Starts a master, {@code local[2]} say. */
  public static Cluster start(String master) {
    return start(master, Map.of());
  }

  /** The same with more settings. */
  public static Cluster start(String master, Map<String, String> settings) {
    makeHome();
    SparkConf conf =
        new SparkConf()
            .setMaster(master)
            .setAppName("doppio")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .set("spark.executor.extraJavaOptions", "-XX:+UseSerialGC -Ddoppio.threads=1")
            .set("spark.sql.warehouse.dir", Path.of("target/spark-warehouse").toUri().toString())
            .set("spark.sql.shuffle.partitions", "3");
    settings.forEach(conf::set);
    return new Cluster(SparkSession.builder().config(conf).getOrCreate());
  }

  /**
   * Makes the folder that Spark takes for its own: it looks for jars there, and finds all that it
   * needs on the class path.
   */
  private static void makeHome() {
    String home = System.getenv("SPARK_HOME");
    if (home == null) {
      return;
    }
    try {
      Files.createDirectories(Path.of(home, "jars"));
      Path release = Path.of(home, "RELEASE");
      if (!Files.exists(release)) {
        Files.createFile(release);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public SparkSession session() {
    return session;
  }

  public JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  /** The processes of executors: the JVMs that this one has started. */
  static List<ProcessHandle> executors() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("java"))
        .toList();
  }

  @Override
  public void close() {
    session.stop();
  }
}
