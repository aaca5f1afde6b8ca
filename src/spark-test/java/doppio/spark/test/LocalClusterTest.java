package doppio.spark.test;

import static org.assertj.core.api.Assertions.assertThat;

import doppio.nn.Module;
import doppio.train.Callback;
import doppio.train.Training;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Training in executors that are processes of their own gives the bits of a trainer alone.
 * Executors of a JDK from 24 on do not start: Hadoop's libraries call what is gone there.
 */
@Tag("jvm")
@DisabledForJreRange(minVersion = 24)
class LocalClusterTest {
  private static final int[] PARTITIONS = {1, 2, 3, 7, 16};

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "vector"})
  void everyNumberOfPartitionsGivesTheBitsOfOneJvmWithEitherKernels(String kernels) {
    Map<String, String> settings =
        Map.of("spark.executor.extraJavaOptions", "-XX:+UseSerialGC -Ddoppio.kernels=" + kernels);
    try (Cluster cluster = Cluster.start(Cluster.TWO_PROCESSES, settings)) {
      for (Workload workload : Workload.values()) {
        String expected = workload.local();
        for (int partitions : PARTITIONS) {
          assertThat(workload.onSpark(cluster.context(), partitions, 17L * partitions))
              .as("%s in %d partitions", workload, partitions)
              .isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void speculationAndAKilledExecutorChangeNothing() {
    Map<String, String> settings =
        Map.of(
            "spark.speculation", "true",
            "spark.speculation.interval", "10ms",
            "spark.speculation.multiplier", "1.01",
            "spark.speculation.quantile", "0.1",
            "spark.speculation.minTaskRuntime", "0ms");
    Workload workload = Workload.EVERYTHING;
    try (Cluster cluster = Cluster.start(Cluster.TWO_PROCESSES, settings)) {
      String expected = workload.local();
      assertThat(workload.onSpark(cluster.context(), 3, 5)).isEqualTo(expected);
      Killer killer = new Killer();
      Module trained = workload.model();
      String killed =
          Workload.fingerprint(
              trained,
              workload
                  .onSpark(workload.trainer(trained).callback(killer))
                  .fit(workload.rows(cluster.context(), 3, 5)));
      assertThat(killed).isEqualTo(expected);
      assertThat(killer.killed).isNotNull();
      assertThat(killer.killed.isAlive()).isFalse();
    }
  }

  /** Kills an executor after the second batch of the second epoch's three. */
  private static final class Killer implements Callback {
    private ProcessHandle killed;

    @Override
    public void batch(Training training) {
      if (training.step() == 5) {
        List<ProcessHandle> executors = Cluster.executors();
        assertThat(executors).hasSize(2);
        killed = executors.get(0);
        killed.destroyForcibly();
        killed.onExit().join();
      }
    }
  }
}
