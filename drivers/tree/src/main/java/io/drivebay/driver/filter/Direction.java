package io.drivebay.driver.filter;

/** Which of a throttle group's limits a request counts against, beside those of all requests. */
enum Direction {
    READ,
    WRITE
}
