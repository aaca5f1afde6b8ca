package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.util.List;

/** Runs what counts allocations in a JVM of its own: nothing else has shaped what is compiled. */
public final class AllocationJvm {
  private static final String MODULE = "jdk.incubator.vector";

  private AllocationJvm() {}

  /** The lines that a program wrote on one thread with these kernels, where that can be counted. */
  public static List<String> run(Class<?> main, String kernels) {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean,
        "this JVM does not count what it allocates");
    assumeTrue(
        kernels.equals("scalar") || ModuleFinder.ofSystem().find(MODULE).isPresent(),
        "this JDK has no " + MODULE);
    assumeTrue(
        kernels.equals("scalar") || Runtime.version().feature() > 17,
        "the JIT of Java 17 leaves some vectors objects in one JVM or another");
    List<String> options =
        List.of("--add-modules", MODULE, "-Ddoppio.kernels=" + kernels, "-Ddoppio.threads=1");
    ChildJvm.Result result = ChildJvm.run(main, options);
    assertThat(result.exit()).as("%s", result).isZero();
    return result.output();
  }
}
