package doppio.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What is on a picture, as somebody sees who looks at it. */
final class Drawn {
  private static final int SHORTEST_SIDE = 150;

  /** Text and axes alone are grey. What a picture is about has a colour, or many shades. */
  private static final int GREY = 40;

  private Drawn() {}

  /** Checks a PNG file and the SVG file beside it: both are of one size and not empty. */
  static void check(Path folder, String name) throws IOException {
    Path png = folder.resolve(name + ".png");
    BufferedImage image = ImageIO.read(png.toFile());
    assertThat(image).as("%s, decoded", png).isNotNull();
    assertThat(image.getWidth()).as("%s: width", png).isGreaterThan(SHORTEST_SIDE);
    assertThat(image.getHeight()).as("%s: height", png).isGreaterThan(SHORTEST_SIDE);
    int all = image.getWidth() * image.getHeight();
    int ground = image.getRGB(0, 0);
    int drawn = 0;
    int coloured = 0;
    Set<Integer> colours = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y);
        colours.add(rgb);
        drawn += rgb == ground ? 0 : 1;
        coloured += isColour(rgb) ? 1 : 0;
      }
    }
    assertThat(drawn * 100.0 / all).as("%s: per cent that are drawn on", png).isBetween(1.0, 99.0);
    assertThat(coloured).as("%s: pixels with a colour", png).isGreaterThan(50);
    assertThat(colours.size()).as("%s: colours", png).isGreaterThan(20);
    checkVectors(folder.resolve(name + ".svg"), image);
  }

  private static boolean isColour(int rgb) {
    int red = rgb >> 16 & 255;
    int green = rgb >> 8 & 255;
    int blue = rgb & 255;
    int least = Math.min(red, Math.min(green, blue));
    return Math.max(red, Math.max(green, blue)) - least > GREY;
  }

  private static void checkVectors(Path svg, BufferedImage image) throws IOException {
    Element root = parsed(svg).getDocumentElement();
    assertThat(root.getTagName()).as("%s", svg).isEqualTo("svg");
    assertThat(root.getAttribute("viewBox"))
        .as("%s: viewBox", svg)
        .isEqualTo("0 0 %d %d", image.getWidth(), image.getHeight());
    int shapes = 0;
    for (String shape : new String[] {"path", "rect", "line", "polygon", "polyline", "ellipse"}) {
      NodeList found = root.getElementsByTagName(shape);
      shapes += found.getLength();
    }
    assertThat(shapes).as("%s: shapes", svg).isGreaterThan(10);
  }

  private static Document parsed(Path svg) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      return factory.newDocumentBuilder().parse(svg.toFile());
    } catch (ParserConfigurationException | SAXException e) {
      throw new AssertionError(svg.toString(), e);
    }
  }
}
