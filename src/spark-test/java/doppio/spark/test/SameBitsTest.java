package doppio.spark.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training in threads of Spark gives the bits of a trainer alone. */
class SameBitsTest {
  private static final int[] PARTITIONS = {1, 2, 3, 7, 16};

  @ParameterizedTest
  @ValueSource(strings = {"local[1]", "local[2]"})
  void everyNumberOfPartitionsInAnyOrderGivesTheBitsOfOneJvm(String master) {
    try (Cluster cluster = Cluster.start(master)) {
      for (Workload workload : Workload.values()) {
        String expected = workload.local();
        for (int partitions : PARTITIONS) {
          assertThat(workload.onSpark(cluster.context(), partitions, 31L * partitions))
              .as("%s in %d partitions", workload, partitions)
              .isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Workload.class)
  void anotherSerializerOfSparkChangesNothing(Workload workload) {
    Map<String, String> kryo =
        Map.of("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    try (Cluster cluster = Cluster.start("local[2]", kryo)) {
      assertThat(workload.onSpark(cluster.context(), 3, 1)).isEqualTo(workload.local());
    }
  }

  @Test
  void theWorkloadsDiffer() {
    assertThat(Workload.values()).extracting(Workload::local).doesNotHaveDuplicates();
  }
}
