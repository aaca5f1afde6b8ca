package doppio.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import doppio.Campaign;
import doppio.internal.ChildJvm.Result;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The library in the hands of a server: small heaps, threads that come and go, and applications
 * that are loaded and dropped. {@code -Ddoppio.long} takes as long as it should on a quiet machine.
 */
@Tag("jvm")
class ServerTest {
  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void threadsThatComeAndGoLeaveNoMemoryBehind(String kernels) {
    int threads = Campaign.LONG ? 5000 : 40;
    List<String> options = new ArrayList<>(List.of("-Xmx256m", "-Ddoppio.kernels=" + kernels));
    if (kernels.equals("vector")) {
      assumeTrue(ModuleFinder.ofSystem().find(Implementations.MODULE).isPresent(), "no module");
      assumeTrue(Fma.FAST, "the vector kernels need fused multiply-add");
      options.addAll(List.of("--add-modules", Implementations.MODULE));
    }
    assertDone(run(options, "churn", threads), threads + " answers");
  }

  @Test
  void sixtyFourCallersOfOneModelNeedNoMoreMemoryWithTime() {
    int answers = Campaign.LONG ? 100_000 : 600;
    assertDone(
        run(List.of("-Xmx256m", "-Ddoppio.threads=2"), "callers", answers), answers + " answers");
  }

  @Test
  void requestsOnAVirtualThreadEachAreAnswered() {
    Path home =
        ChildJvm.installed().stream()
            .filter(installed -> ChildJvm.version(installed) >= 21)
            .findFirst()
            .orElse(null);
    assumeTrue(home != null, "virtual threads need JDK 21");
    int requests = Campaign.LONG ? 20_000 : 500;
    Result result =
        ChildJvm.run(
            home,
            ServerProgram.class,
            List.of("-Xmx64m", "-Ddoppio.threads=2"),
            "virtual",
            Integer.toString(requests));
    assertDone(result, requests + " answers");
  }

  @Test
  void workersSurviveAFullHeap() {
    assertDone(run(List.of("-Xmx32m", "-Ddoppio.threads=3"), "full", 3), "3 threads", "3 threads");
  }

  @Test
  void workersHaveNothingOfTheCallerAndEndWhenIdle() {
    assertDone(
        run(List.of("-Ddoppio.threads=2"), "inherit", 1),
        "system, priority 5, loader null, no session, daemon",
        "no thread of ours");
  }

  @Test
  void aFinishedCallKeepsNothing() {
    assertDone(run(List.of("-Ddoppio.threads=4"), "forget", 5), "4 threads");
  }

  /** Each has 10 MB of its own, so that seven that stay are too many. */
  @Test
  void aLibraryThatIsLoadedAndDroppedAgainAndAgain() {
    int times = Campaign.LONG ? 50 : 12;
    assertDone(run(List.of("-Xmx64m", "-Ddoppio.threads=3"), "load", times), times + " gone");
  }

  @Test
  void whereNoThreadCanBeStartedCallersWorkAloneUntilOneCan() {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "limits are set as Linux has them");
    Result result = ServerProgram.runWithoutThreads();
    assertDone(result, "20 answers from 1 thread", "2 threads");
    assertThat(result.errors().stream().filter(line -> line.contains("no thread to share")))
        .hasSize(1);
  }

  private static Result run(List<String> options, String scene, int count) {
    return ChildJvm.run(ServerProgram.class, options, scene, Integer.toString(count));
  }

  private static void assertDone(Result result, String... lines) {
    List<String> expected = new ArrayList<>(List.of(lines));
    expected.add("done");
    assertThat(result.output()).as("%s", result).isEqualTo(expected);
    assertThat(result.exit()).isZero();
  }
}
