package io.drivebay.perf.report.html;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.SampleResults;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

final class HtmlReportTest {
    private static final String NAMESPACE = "xmlns=\"http://www.w3.org/1999/xhtml\"";
    private static final Pattern OUTSIDE = Pattern.compile(
            "https?:|//[a-z]|\\b(src|href)\\s*=|url\\(|@import|<script|<link", Pattern.CASE_INSENSITIVE);

    private static String page(final BenchResult... results) {
        return HtmlReport.page("A <title> & more", List.of(results), List.of(new Check("1 < 2", true, "seen")));
    }

    private static Document parse(final String page) throws IOException, SAXException, ParserConfigurationException {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(page)));
    }

    @Test
    void thePageIsWellFormed() {
        assertDoesNotThrow(() -> parse(page(SampleResults.verified("a", 0))));
    }

    @Test
    void thePageNeedsNothingButItself() {
        final String page = page(SampleResults.verified("a", 0), SampleResults.reads("b"));

        assertFalse(OUTSIDE.matcher(page.replace(NAMESPACE, "")).find());
    }

    @Test
    void thePageFollowsTheReadersChoiceOfLightOrDark() {
        assertTrue(page(SampleResults.reads("a")).contains("@media (prefers-color-scheme: dark)"));
    }

    @Test
    void eachRunHasItsOwnPercentileCurve() throws Exception {
        final Document page = parse(page(SampleResults.reads("old"), SampleResults.reads("new")));

        final String firstLegend = page.getElementsByTagName("ul").item(0).getTextContent();

        assertEquals("old readnew read", firstLegend);
    }

    @Test
    void changesOfTheMediumAreMarkedInTheChartsOverTime() {
        final String page = page(SampleResults.verified("a", 0));

        assertEquals(2, page.split("medium changed, pause 40.0 µs", -1).length - 1);
    }

    @Test
    void aFailedCheckIsMarked() {
        final String page = HtmlReport.page(
                "t", List.of(SampleResults.reads("a")), List.of(new Check("nothing was lost", false, "one was")));

        assertTrue(page.contains("<td class=\"bad\">✗ FAILED</td><td>nothing was lost</td>"));
    }

    @Test
    void aResultWithoutAnyOperationStillMakesAPage() {
        final BenchResult full = SampleResults.reads("a");
        final BenchResult empty = new BenchResult(
                full.format(),
                full.version(),
                full.name(),
                full.drivebay(),
                full.startedAt(),
                full.host(),
                full.options(),
                full.target(),
                0,
                Map.of(),
                Map.of(),
                0,
                List.of(),
                null,
                List.of());

        assertDoesNotThrow(() -> parse(page(empty)));
    }
}
